from casewall.wall.sides import Role, SIDE_OF_ROLE
from casewall.wall.context import on_side
from allauth.mfa.models import Authenticator
from tests.browser.conftest import confirm_password, sign_in
from tests.browser.codes import code_now
def test_peek(open_as, people):
    page = open_as(Role.FACILITATOR)
    confirm_password(page)
    for n, p in enumerate(["/accounts/email/", "/accounts/password/reset/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/2fa/recovery-codes/"]):
        page.goto(p); page.screenshot(path=f"/tmp/browser/peek{n}.png")
        print(p, page.locator("main").inner_text())
    print(page.goto("/accounts/email/").text())
    role = Role.ASSESSOR
    people.renewed(role)
    with on_side(SIDE_OF_ROLE[role]):
        Authenticator.objects.filter(user_id=people.workers[role].pk).delete()
    page = open_as(None, "/", site="programme")
    sign_in(page, "assessor@example.invalid")
    confirm_password(page)
    page.get_by_label("Authenticator code").fill(code_now(page.locator("code").inner_text()))
    page.get_by_role("button", name="Switch it on").click()
    page.wait_for_timeout(3000)
    print(page.url, page.locator("main").inner_text())
    page.goto("/")
    print(page.url, page.locator("main").inner_text())
