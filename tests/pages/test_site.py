"""The frame of every page: headers, errors, navigation, leaving, the style guide."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from casewall.pages import context
from casewall.pages.middleware import CONTENT_SECURITY_POLICY, SecurityHeaders

FAULTS = [("absent", 404), ("refused", 403), ("mistaken", 400), ("broken", 500)]


class SignedIn(AnonymousUser):
    is_authenticated = True

    def get_full_name(self):
        return "Mette Opdigtet"


def test_the_content_policy_is_the_strict_one(client):
    response = client.get("/closed/")
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/closed/", "/leave/", "/fail/absent/", "/fail/broken/"])
def test_nothing_is_stored_and_nothing_is_told_to_other_sites(client, path):
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.usefixtures("plain_site")
@pytest.mark.parametrize(("status", "kept"), [(200, "max-age=9"), (404, "no-store")])
def test_static_files_keep_their_own_caching(status, kept):
    def answer(request):
        return HttpResponse(status=status, headers={"Cache-Control": "max-age=9"})

    path = f"{settings.STATIC_URL}casewall/casewall.css"
    response = SecurityHeaders(answer)(RequestFactory().get(path))
    assert response.headers["Cache-Control"] == kept
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("how", "status"), FAULTS)
def test_an_error_page_gives_no_reason_away(client, how, status):
    response = client.get(f"/fail/{how}/")
    assert response.status_code == status
    text = response.content.decode()
    assert "<h1" in text
    for reason in ("no such case", "a reason", "secret", "Traceback"):
        assert reason not in text


def test_hidden_and_absent_are_the_same_bytes_wherever_one_asks(client):
    hidden, absent = client.get("/fail/hidden/"), client.get("/fail/absent/")
    elsewhere = client.get("/never/heard/of/it/", headers={"accept-language": "ar"})
    assert hidden.content == absent.content == elsewhere.content
    assert dict(hidden.headers) == dict(absent.headers) == dict(elsewhere.headers)


def test_a_post_without_its_token_gets_the_plain_page():
    from django.test import Client

    from tests.pages.conftest import PLAIN_SITE

    with override_settings(**PLAIN_SITE):
        response = Client(enforce_csrf_checks=True).post("/cases/")
    assert response.status_code == 403
    assert b"CSRF" not in response.content
    assert b"Nothing was changed" in response.content


@pytest.mark.parametrize(
    ("path", "current"),
    [("/cases/", "Clients"), ("/cases/7/", "Clients"), ("/cases/groups/3/", "Groups")],
)
@pytest.mark.usefixtures("plain_site")
def test_the_navigation_marks_where_one_is(path, current):
    marked = [item["label"] for item in context.navigation(path) if item["current"]]
    assert marked == [current]


@pytest.mark.usefixtures("plain_site")
def test_the_navigation_marks_nothing_elsewhere():
    assert not any(item["current"] for item in context.navigation("/casesnot/"))


@pytest.mark.usefixtures("plain_site")
def test_navigation_and_search_are_for_people_who_are_signed_in():
    request = RequestFactory().get("/cases/")
    assert context.site(request)["navigation"] == []
    assert context.site(request)["search_url"] == ""
    request.user = SignedIn()
    assert [item["label"] for item in context.site(request)["navigation"]] == ["Clients", "Groups"]
    assert context.site(request)["search_url"] == "/cases/"


@pytest.mark.usefixtures("plain_site")
@pytest.mark.parametrize("name", ["", "no-such-name"])
def test_a_site_without_a_search_page_shows_no_box(name):
    request = RequestFactory().get("/")
    request.user = SignedIn()
    with override_settings(CASEWALL_SEARCH_URL=name):
        assert context.site(request)["search_url"] == ""


@pytest.mark.parametrize(
    ("side", "words", "look"),
    [
        ("programme", "Programme side", "cw-side-programme"),
        ("safety", "Safety side", "cw-side-safety"),
        ("front_door", "", "cw-side-front-door"),
        (None, "", "cw-side-front-door"),
    ],
)
def test_each_side_has_its_words_and_its_look(side, words, look):
    with override_settings(CASEWALL_SIDE=side):
        standing = context.standing()
    assert (standing["side_label"], standing["side_class"]) == (words, look)


def test_a_side_that_does_not_exist_is_refused():
    with override_settings(CASEWALL_SIDE="other"), pytest.raises(KeyError):
        context.standing()


def test_a_signed_in_page_names_the_worker_and_signs_out_by_a_post(plain_site):
    request = RequestFactory().get("/cases/")
    request.user = SignedIn()
    drawn = render_to_string("pages/base.html", {"user": request.user}, request)
    assert "Mette Opdigtet" in drawn
    assert re.search(r'<form method="post" action="/account/logout/">', drawn)
    assert "Programme side" in drawn
    assert "Invented people." in drawn


def test_leaving_ends_the_visit_and_goes_elsewhere(client):
    with override_settings(CASEWALL_EXIT_URL="https://weather.invalid/"):
        response = client.get("/leave/")
    assert response.headers["Location"] == "https://weather.invalid/"
    assert response.cookies[settings.CSRF_COOKIE_NAME]["max-age"] == 0
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0


def test_leaving_empties_the_session():
    from casewall.pages.views import leave

    class Session:
        flushed = False

        def flush(self):
            self.flushed = True

    request = RequestFactory().get("/leave/")
    request.session = Session()
    leave(request)
    assert request.session.flushed


def test_the_page_behind_says_nothing(client):
    text = client.get("/closed/").content.decode()
    assert "This page has closed" in text
    assert "Casewall" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/guide/",
        "/guide/?errors=1",
        "/guide/?dir=rtl&side=safety",
        "/guide/public/",
        "/guide/public/?dir=rtl&errors=1",
    ],
)
def test_no_page_carries_inline_style_or_script(client, address):
    text = client.get(address).content.decode()
    assert not re.search(r"\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'\son\w+="', text)
    assert "javascript:" not in text


def test_the_style_guide_turns_round_for_arabic(client):
    text = client.get("/guide/?dir=rtl").content.decode()
    assert 'dir="rtl"' in text
    assert "casewall.rtl.css" in text
    assert 'class="cw-chart" role="img" direction="ltr"' in text


def test_a_page_with_mistakes_says_so_in_its_title(client):
    assert "<title>Error:" in client.get("/guide/?errors=1").content.decode()
    assert "<title>Style guide" in client.get("/guide/").content.decode()


def test_the_front_door_names_nothing_in_title_or_header(client):
    text = client.get("/guide/public/").content.decode()
    assert "Casewall" not in text
    assert "<title>Questions and answers</title>" in text
    assert "icon-plain.svg" in text


SIGN_IN = [
    "account/login.html",
    "account/logout.html",
    "account/reauthenticate.html",
    "account/password_change.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/index.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
    "mfa/webauthn/add_form.html",
    "mfa/webauthn/edit_form.html",
    "mfa/recovery_codes/index.html",
    "mfa/recovery_codes/generate.html",
]


@pytest.mark.usefixtures("plain_site")
@pytest.mark.parametrize("name", SIGN_IN)
@pytest.mark.parametrize("set_up", [False, True])
def test_the_pages_for_signing_in_are_ours_and_obey_the_policy(name, set_up):
    class Codes(list):
        def get_unused_codes(self):
            return self

    authenticators = {"totp": True, "recovery_codes": Codes(["11112222"])} if set_up else {}
    drawn = render_to_string(
        name,
        {
            "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
            "passkey": '{"publicKey": {}}',
            "authenticator": SimpleNamespace(pk=7),
            "authenticators": authenticators,
            "is_mfa_enabled": set_up,
            "unused_codes": ["11112222"] if set_up else [],
            "unused_code_count": 1 if set_up else 0,
            "total_count": 10,
            "can_view_codes": set_up,
            "can_download_codes": set_up,
            "can_generate_codes": set_up,
            "reauthentication_alternatives": [{"url": "/other", "description": "Other way"}]
            if set_up
            else [],
        },
        RequestFactory().get("/"),
    )
    assert 'class="cw-header"' in drawn
    assert 'class="govuk-heading-l"' in drawn
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)", drawn)


STATIC = Path(__file__).parents[2] / "casewall/pages/static/casewall"
FRONTEND = Path(__file__).parents[2] / "frontend"


@pytest.mark.parametrize("name", ["casewall.css", "casewall.rtl.css"])
def test_the_style_sheets_ask_for_nothing_that_is_not_there(name):
    text = (STATIC / name).read_text()
    asked = re.findall(r"url\(([^)]+)\)", text)
    assert len(asked) == 4
    for address in asked:
        assert (STATIC / address.strip("\"'")).is_file()
    assert "GDS Transport" not in text
    assert "crown" not in text.lower()


def test_other_people_s_licences_lie_beside_their_work():
    notices = (STATIC / "NOTICES.txt").read_text()
    for name in (
        "govuk-frontend 6.6.0 (MIT)",
        "@ministryofjustice/frontend 11.1.0 (MIT)",
        "htmx.org 4.0.1",
        "atkinson-hyperlegible-next",
    ):
        assert name in notices
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts/OFL.txt").read_text().upper()


def test_the_lock_names_no_address():
    text = (FRONTEND / "package-lock.json").read_text()
    assert "http" not in text
    assert '"integrity"' in text
