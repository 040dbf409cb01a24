"""Django settings. Importing this module starts nothing: the server is brought up by the commands that need it."""

import json
import os
from pathlib import Path

from xinheng.base.home import Home
from xinheng.people.single_sign_on.provider import provider_of
from xinheng.site.database import django_databases
from xinheng.site.mail import mail_settings

BASE = Path(__file__).resolve().parent
HOME = Home.from_environment()
PACK = os.environ.get("XINHENG_PACK", "demo")

PUBLIC_URL = os.environ.get("XINHENG_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = os.environ.get("XINHENG_SECRET_KEY") or "set-by-xinheng-serve-from-the-home-folder"
DEBUG = False
ALLOWED_HOSTS = json.loads(os.environ.get("XINHENG_HOSTS", '["127.0.0.1", "localhost", "testserver"]'))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    "xinheng.audit",
    "xinheng.people",
    "xinheng.law",
    "xinheng.catalogue",
    "xinheng.ledger",
    "xinheng.register",
    "xinheng.matching",
    "xinheng.vault",
    "xinheng.effects",
    "xinheng.authorisations",
    "xinheng.intake",
    "xinheng.governance",
    "xinheng.commitments",
    "xinheng.declarations",
    "xinheng.proceedings",
    "xinheng.products",
    "xinheng.measures",
    "xinheng.checks",
    "xinheng.training",
    "xinheng.exchange",
    "xinheng.monitoring",
    "xinheng.portal",
    "xinheng.desk",
    "xinheng.api",
    "xinheng.centre",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xinheng.site.security.PageSecurity",
    "xinheng.api.problems.ApiProblems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xinheng.site.errors.ErrorPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "xinheng.site.urls"
WSGI_APPLICATION = "xinheng.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xinheng.site.context.page",
            ],
        },
    }
]

DATABASES = django_databases()

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "xinheng.centre.backends.OrganisationUserBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "word", "old", "citizen_number"]
AXES_USERNAME_CALLABLE = "xinheng.site.lock_out.login_name"
AXES_CLIENT_IP_CALLABLE = "xinheng.site.lock_out.address"
AXES_LOCKOUT_CALLABLE = "xinheng.site.lock_out.locked"
REQUIRE_TOTP = os.environ.get("XINHENG_REQUIRE_TOTP") or ("no" if PACK == "demo" else "roles")
OIDC_OFFICERS = provider_of(os.environ, "XINHENG_OIDC_OFFICERS", "XINHENG_OIDC_OFFICERS_SECRET")
OIDC_ORGANISATIONS = provider_of(os.environ, "XINHENG_OIDC_ORGANISATIONS", "XINHENG_OIDC_ORGANISATIONS_SECRET")
LOGIN_URL = "/desk/login"
LOGIN_REDIRECT_URL = "/desk/"
CENTRE_URL = "/centre/"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "xinheng.site.errors.session_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

EMAIL = mail_settings(os.environ.get("XINHENG_MAIL", ""))
MAIL_COPIES = EMAIL.configured
EMAIL_BACKEND = EMAIL.backend
EMAIL_HOST, EMAIL_PORT = EMAIL.host, EMAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.user, EMAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = EMAIL.starttls, EMAIL.ssl, 20
DEFAULT_FROM_EMAIL = os.environ.get("XINHENG_MAIL_FROM", "xinheng@localhost")

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"numbers": {"()": "xinheng.site.log_masking.MaskNumbers"}},
    "loggers": {name: {"filters": ["numbers"]} for name in ("django.request", "django.security.csrf", "axes")},
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FILE_UPLOAD_TEMP_DIR = str(HOME.tmp) if HOME.tmp.is_dir() else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["xinheng.site.jobs"]

PROXIES = int(os.environ.get("XINHENG_PROXIES", "0"))  # how many proxies of ours stand before this site
NINJA_NUM_PROXIES = PROXIES
if PROXIES:
    # Only our own proxy can be heard here; it says whether the browser used HTTPS and sends no cookie without it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
# Whether the county's other sites speak HTTPS is not ours to promise to browsers.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
