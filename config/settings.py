"""All settings, read top to bottom. What differs between machines comes from the environment."""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.openid_connect import read_provider
from config.secret import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where and how it runs ---------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The public address. Its scheme decides whether cookies and redirects insist on HTTPS.
SITE_URL = env("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = urlsplit(SITE_URL).scheme == "https"
if urlsplit(SITE_URL).scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured("SITE_URL is the whole public address, such as https://retex.example.org.")
if HTTPS:
    # A default that serves one's own machine would lose data, mail or secrets on a public one.
    for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL"):
        if not env(name, default=""):
            raise ImproperlyConfigured(f"Set {name} before serving over HTTPS.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows secrets to visitors: unset it before serving over HTTPS.")
SECRET_KEY = env("SECRET_KEY", default="") or local_secret(BASE_DIR / "var" / "secret_key")
_local_hosts = [] if HTTPS else ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, *_local_hosts])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
WSGI_APPLICATION = "config.wsgi.application"
ROOT_URLCONF = "config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "accounts",
    "experiences",
    "practices",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "knox",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "config.http.middleware.policies",
    "config.http.middleware.CompressedPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.member_language",
    "accounts.middleware.limited_posts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.http.middleware.private_unless_declared",
    "config.http.middleware.refusals_in_words",
    "config.http.middleware.storable_parameters",
    "config.http.middleware.plain_addresses",
    "practices.middleware.old_addresses",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "accounts.context_processors.theme",
                "accounts.context_processors.entrance",
                "accounts.context_processors.site",
            ],
            "builtins": ["config.formats.written", "django.templatetags.l10n"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data --------------------------------------------------------------------------------------

# Seconds that one statement may take; 0: without end, as commands need. Pages have 8 (config/wsgi.py).
STATEMENT_TIMEOUT = env.int("STATEMENT_TIMEOUT", default=0)
# Where each process of this machine finds what words are looked for in; made again whenever it is lost.
SEARCH_DIR = env("SEARCH_DIR", default=str(BASE_DIR / "var" / "search"))
# Where each process leaves how often pages were read, for the worker of this machine.
READS_DIR = env("READS_DIR", default=str(BASE_DIR / "var" / "reads"))
# Questions are also answered by what they mean, where requirements-semantic.txt is installed.
MEANING = env.bool("MEANING", default=True)

_url = env("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'retex.sqlite3'}")
DATABASES = {"default": env.db_url_config(_url)}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without IMMEDIATE and a timeout, 20 writers lose most of their posts to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 30,
        "target_session_attrs": "read-write",
    }
    if STATEMENT_TIMEOUT:
        DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={STATEMENT_TIMEOUT}s"

CACHES = {
    # Limits are counted here: all processes share it, and nothing in it gives way to anything else.
    "default": {"BACKEND": "accounts.limits.RateLimitCache"},
    # Reads of the API are counted in the process, or in Valkey: a read writes nothing to the database.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Pages as visitors got them last, the latest asked for: some 50 kB each, in each process.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}
CACHE_URL = env("CACHE_URL", default="")
if CACHE_URL:
    if urlsplit(CACHE_URL).scheme not in ("redis", "rediss", "unix"):
        raise ImproperlyConfigured("CACHE_URL begins with redis://, rediss:// or unix://, for Valkey too.")
    if find_spec("redis") is None:
        raise ImproperlyConfigured("CACHE_URL needs the client of Valkey and Redis: pip install redis.")
    CACHES["shared"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "retex",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validators = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _validators + "UserAttributeSimilarityValidator"},
    {"NAME": _validators + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
ACCOUNT_SIGNUP_REDIRECT_URL = "welcome-situation"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.RequestPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordForm",
}
ACCOUNT_SIGNUP_FORM_CLASS = "experiences.forms.profile.SignupForm"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# On a device where its owner signed in before (accounts/known_devices.py): no stranger uses it up.
ACCOUNT_RATE_LIMITS = {"login_failed_on_known_device": "5/5m/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
# One count for sign-in and API: else all who come through the proxy share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=0)
# Whether curators and moderators use their powers only once they have set up a second step.
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=False)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Sign-in by the organisation's account, where the environment tells of its provider: else None, and nothing
# of it is there. accounts/openid_connect/ has what is ours of it.
OPENID_CONNECT = read_provider(env, https=HTTPS)
SOCIALACCOUNT_ADAPTER = "accounts.openid_connect.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.openid_connect.forms.SignupForm"}
# One's name, and to what one agrees, are asked before there is an account.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 4
# How one comes by an account: whoever asks, whoever is invited, or by the organisation's account alone.
SIGNUP = env("SIGNUP", default="open")
if SIGNUP not in ("open", "invited", "sso"):
    raise ImproperlyConfigured("SIGNUP is open, invited or sso.")
if SIGNUP == "sso" and OPENID_CONNECT is None:
    raise ImproperlyConfigured("SIGNUP=sso needs a provider, or nobody could sign up: set OIDC_ISSUER.")

# --- Words -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True  # In attributes, what is a number is written |unlocalize.
FORMAT_MODULE_PATH = ["config.formats"]

# --- What goes out -----------------------------------------------------------------------------

# A request writes its mails to the database; the worker (`manage.py work`) sends them by EMAIL_URL.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TRANSPORT, EMAIL_BACKEND = vars()["EMAIL_BACKEND"], "accounts.mail.Outbox"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Retex <retex@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STATIC_URL = "static/"
# Compressed files with their hash in their name need `collectstatic`; tests and `make run` do without.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=HTTPS)
STATIC_ROOT = BASE_DIR / "var" / "static" if STATIC_MANIFEST else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Safety ------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# What no page asks of a device. Left to the site itself: the clipboard, for “Copy”, and passkeys.
PERMISSIONS_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# How long moderators can look at the words they withheld: time for an author to object, and no more.
WITHHELD_WORDS_KEPT_DAYS = env.int("WITHHELD_WORDS_KEPT_DAYS", default=30)

# --- Limits ------------------------------------------------------------------------------------

# How often one may do a thing: visitors by address, members by account; wide enough for who works hard, or
# for a class behind one address. “programs” is all that the API is asked, reads and writes counted apart;
# “posts” all that forms send but reports, which are “drafts”. The others are counted beside; “flags”,
# “questions” and “trials” on pages and by the API together. `accounts.limits` counts them.
_visitor, _member = env("API_RATE_ANONYMOUS", default="300/min"), env("API_RATE_MEMBER", default="600/min")
LIMITS = {
    "programs": {"visitor": _visitor, "member": _member},
    "posts": {"visitor": _visitor, "member": _member},
    "searches": {"visitor": _visitor, "member": _member},
    # While a question is typed, some are asked for with each word.
    "suggestions": {"visitor": _visitor, "member": _member},
    "exports": {"visitor": "60/min", "member": "120/min"},
    # An open form keeps itself every two to eight seconds.
    "drafts": {"member": _member},
    "flags": {"member": "120/hour"},
    "questions": {"member": "120/hour"},
    "trials": {"member": "120/hour"},
}

# --- API ---------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.authentication.ScopeAllows"],
    "DEFAULT_RENDERER_CLASSES": ["config.rest.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.rest.parsers.BoundedJSONParser"],
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "config.rest.schema.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.limits.VisitorThrottle",
        "accounts.limits.MemberThrottle",
        "accounts.limits.KindThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": LIMITS["programs"]["visitor"], "user": LIMITS["programs"]["member"]},
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "EXCEPTION_HANDLER": "config.rest.problems.exception_handler",
    "NON_FIELD_ERRORS_KEY": "__all__",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
KNOX_TOKEN_MODEL = "accounts.Token"
MIGRATION_MODULES = {"knox": None}  # Its own table would stay empty, and keep PostgreSQL from a flush.
REST_KNOX = {"TOKEN_TTL": timedelta(days=365), "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Retex API",
    "DESCRIPTION": "Field reports of community managers, and the best practices distilled from them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # The document names the facets, which `check --deploy` cannot know before the first migration.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "Token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "“Token ” followed by the key you made in your profile.",
            }
        }
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JSONFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": env("LOG_LEVEL", default="WARNING")},
}
