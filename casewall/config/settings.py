"""Settings that every process shares; `sites/` adds what each may hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from casewall.config import checks  # noqa: F401  # registers the deployment checks
from casewall.staff.issuers import Issuer, IssuersError, read_issuers

ROOT = Path(__file__).resolve().parents[2]

DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = os.environ.get("CASEWALL_HOSTS", "127.0.0.1,localhost").split(",")
AUTH_USER_MODEL = "staff.Worker"
DATABASE_ROUTERS = ["casewall.wall.router.SideRouter"]
FORM_RENDERER = "casewall.pages.renderer.Gds"
CSRF_FAILURE_VIEW = "casewall.pages.errors.csrf_failed"
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("CASEWALL_STATIC_ROOT", ROOT / "var" / "static"))
STORAGES: dict[str, dict[str, Any]] = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
}
WHITENOISE_MANIFEST_STRICT = True
CASEWALL_SIDE: str | None = None
CASEWALL_DEMO = os.environ.get("CASEWALL_DEMO") == "1"
CASEWALL_NAVIGATION: list[tuple[Any, ...]] = []
CASEWALL_MORE: list[tuple[Any, ...]] = []
CASEWALL_PULL_SECONDS = int(os.environ.get("CASEWALL_PULL_SECONDS", "300"))

# Plain HTTP is for loopback only: a browser keeps these cookies on TLS everywhere else.
_TLS = os.environ.get("CASEWALL_TLS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CASEWALL_IDLE_SECONDS = int(os.environ.get("CASEWALL_IDLE_SECONDS", "1800"))
SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31536000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Our own middleware sends the frame headers (casewall/pages/middleware.py).
SILENCED_SYSTEM_CHECKS = ["security.W002"]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Five wrong passwords hold an account for five minutes, fifty a day; ten a minute hold an address.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key,50/d/key"}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

PAGES_APPS = [
    "casewall.pages",
    "django.forms",
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "django_htmx",
]
STAFF_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "casewall.staff",
    "casewall.audit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
PROGRAMME_APPS = [
    "casewall.programme.referrals",
    "casewall.programme.cases",
    "casewall.programme.curriculum",
    "casewall.programme.groups",
    "casewall.programme.courses",
    "casewall.programme.registers",
    "casewall.programme.assessments",
    "casewall.programme.needs",
    "casewall.programme.agreements",
    "casewall.programme.notes",
    "casewall.programme.reports",
    "casewall.programme.measuring",
    "casewall.programme.incidents",
    "casewall.programme.risk",
    "casewall.programme.rights",
    "casewall.programme.retention",
    "casewall.programme.access",
]
SAFETY_APPS = [
    "casewall.safety.intake",
    "casewall.safety.partners",
    "casewall.safety.pulled",
    "casewall.safety.coordination",
    "casewall.safety.roles",
    "casewall.safety.support",
    "casewall.safety.sending",
    "casewall.safety.details",
    "casewall.safety.bookings",
    "casewall.safety.children",
    "casewall.safety.asking",
    "casewall.safety.measuring",
    "casewall.safety.incidents",
    "casewall.safety.costs",
    "casewall.safety.risk",
    "casewall.safety.meetings",
    "casewall.safety.conferences",
    "casewall.safety.sharing",
    "casewall.safety.rights",
    "casewall.safety.retention",
    "casewall.safety.access",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casewall.pages.context.site",
            ]
        },
    }
]

STAFF_MIDDLEWARE = [
    "casewall.pages.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casewall.staff.middleware.IdleLimit",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "casewall.staff.middleware.SecondFactorRequired",
    "casewall.staff.middleware.ActingWorker",
    "casewall.config.local_time.LocalTime",
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "casewall.staff.adapters.ClosedSignup"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "casewall.staff.adapters.SealedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "casewall.staff.passkeys.AddPasskey",
    "authenticate_webauthn": "casewall.staff.passkeys.UsePasskey",
    "reauthenticate_webauthn": "casewall.staff.passkeys.ConfirmByPasskey",
}
MFA_TOTP_ISSUER = "Casewall"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "casewall_cache",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

NO_DATABASE: dict[str, Any] = {"ENGINE": "casewall.wall.nowhere"}


def database(url: str, *, pool: bool = False, search_path: str | None = None) -> dict[str, Any]:
    """A Django database entry from `postgresql://role:password@/name?host=…&port=…`."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {"connect_timeout": 10}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 6, "timeout": 10}
    if search_path:
        options["options"] = f"-c search_path={search_path}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


def needed(name: str) -> str:
    """An environment variable that must be set; a plain sentence where it is not."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(
            f"{name} is not set. `casewall serve` and `./do demo` set it; "
            "docs/how-to/install.md lists what each process needs."
        )
    return value


def _var() -> Path:
    return Path(os.environ.get("CASEWALL_VAR") or ROOT / "var")


def outbox_folder() -> Path:
    """Where the safety site's background work leaves texts for whoever sends them."""
    here = _var() / "site" / "safety" / "outbox"
    return Path(os.environ.get("CASEWALL_OUTBOX_DIR") or here)


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the start.

    `smtp://` goes on by STARTTLS. Without a URL nothing can be sent, and e-mails wait as tasks.
    Raises `ImproperlyConfigured` for another kind of URL.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            "CASEWALL_MAIL_URL is no address of a mail server: write smtp://USER:PASSWORD@HOST:PORT"
        )
    at_once = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if at_once else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": at_once,
        "EMAIL_USE_TLS": not at_once,
        "EMAIL_TIMEOUT": 30,
    }


def issuers(side: str) -> dict[str, Issuer]:
    """The agencies whose own sign-in a site takes (`CASEWALL_<SIDE>_ISSUERS` names the file)."""
    try:
        return read_issuers(os.environ.get(f"CASEWALL_{side.upper()}_ISSUERS", ""))
    except IssuersError as fault:
        raise ImproperlyConfigured(str(fault)) from fault


def reports_folder() -> Path:
    """Where reporting leaves figures for the safety site, which cannot compute them itself."""
    return Path(os.environ.get("CASEWALL_REPORTS_DIR") or _var() / "safety" / "reports")


def field_keys(side: str) -> tuple[bytes, bytes]:
    """The field and index keys of a side, from the environment."""
    name = side.upper()
    return (
        bytes.fromhex(needed(f"CASEWALL_{name}_FIELD_KEY")),
        bytes.fromhex(needed(f"CASEWALL_{name}_INDEX_KEY")),
    )


def hex_key(name: str) -> bytes:
    """A key in hexadecimal from the environment."""
    return bytes.fromhex(needed(name))
