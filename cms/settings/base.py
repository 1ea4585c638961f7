"""Settings shared by every way of running. Everything that differs comes from the environment.

Each secret can also be given as ``NAME_FILE``: the path of a file that holds it.
"""

import os
import secrets
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parents[2]


class Env(environ.FileAwareEnv):
    """``django-environ`` with the ``NAME_FILE`` convention for secrets."""


env = Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# Everything people add by hand, databases, evidence and built files live here.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def _local_secret() -> str:
    """A random key made on first run and kept in ``VAR_DIR`` (one machine, no environment)."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = False
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "cms.users",
    "cms.ops",
    "cms.mirror",
    "media",
    "rankings.evidence",
    "rankings",
    "articles",
    "feedback",
    "scrapers",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.users.wagtail_users.UsersAppConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_q",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

if DEMO:
    # Brings the command `load_demo`; an installation for real work has no use for it.
    INSTALLED_APPS.insert(0, "demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- database, cache, queue -------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing in the middle of a transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
        }
    }
else:
    # Web and worker are separate processes: a cache in memory would not be shared.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # At Django's 300 a busy hour would throw out counts and used tokens that still hold.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }

Q_CLUSTER = {
    "name": "zai-hetang",
    "workers": env.int("Q_WORKERS", default=2),
    "timeout": 300,
    # A task is offered again only when it can no longer be running.
    "retry": 600,
    "max_attempts": 3,
    # After downtime the work that is due is found by polling rows; replaying missed ticks
    # would only repeat it.
    "catch_up": False,
    "ack_failures": True,
    "save_limit": 500,
    "poll": 1,
    "label": "后台任务",
}
if REDIS_URL:
    Q_CLUSTER["redis"] = REDIS_URL
else:
    Q_CLUSTER["orm"] = "default"

TASKS = {"default": {"BACKEND": "cms.tasks.DjangoQBackend"}}

# --- people -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "users.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"

# --- language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
# One language: a browser that asks for English still gets the Chinese the users read.
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
# A filter that is not set; django-filter's own is a row of dashes.
FILTERS_EMPTY_CHOICE_LABEL = "全部"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "cms" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
EVIDENCE_ROOT = VAR_DIR / "evidence"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
        "OPTIONS": {"location": EVIDENCE_ROOT, "base_url": None},
    },
    # Never served by address: what contributors send in, until an editor takes it over.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Evidence in an S3-compatible store instead of EVIDENCE_ROOT; nothing else goes there.
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default="")
S3_REGION = env.str("S3_REGION", default="")
S3_ACCESS_KEY = env.str("S3_ACCESS_KEY", default="")
S3_SECRET_KEY = env.str("S3_SECRET_KEY", default="")
S3_ADDRESSING = env.str("S3_ADDRESSING", default="auto")
if S3_BUCKET:
    STORAGES["evidence"] = {
        "BACKEND": "rankings.evidence.s3.EvidenceS3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "region_name": S3_REGION or None,
            "access_key": S3_ACCESS_KEY or None,
            "secret_key": S3_SECRET_KEY or None,
            "addressing_style": S3_ADDRESSING,
        },
    }
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# --- mail -------------------------------------------------------------------------------------

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    # Without a mail server the messages are kept as files, so that nothing is lost or pretended.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
# A mail server that does not answer must not hold a worker.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="在荷塘工作台 <noreply@localhost>")

# --- Wagtail ----------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "在荷塘"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_USER_LOGIN_FORM = "cms.users.forms.LoginForm"
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# Approvals are bound to a content digest (articles.review), not to a revision number.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "articles.review.finish.leave_unpublished"
# Autosave overwrites a revision in place: what was approved could change unseen.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAILADMIN_GLOBAL_EDIT_LOCK = True
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# No calls out of a government network.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS = []

WAGTAILIMAGES_IMAGE_MODEL = "media.CustomImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "media.CustomDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# One token a character, on the database or, for many machines, on an OpenSearch.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search.backend"}}
OPENSEARCH_URL = env.str("OPENSEARCH_URL", default="")
if OPENSEARCH_URL:
    WAGTAILSEARCH_BACKENDS["default"] = {
        "BACKEND": "cms.search.opensearch",
        "URLS": [OPENSEARCH_URL],
        "INDEX_PREFIX": "zai_hetang_",
        "TIMEOUT": 5,
    }
# Searches from one address; the public page asks more of the server than any other.
SEARCH_RATE = env.str("SEARCH_RATE", default="30/min")
# 留言: messages kept from one address in an hour and in a day, whatever is posted from one
# address, and messages of all in an hour, at which the form closes.
FEEDBACK_RATE = env.str("FEEDBACK_RATE", default="10/hour")
FEEDBACK_RATE_DAY = env.str("FEEDBACK_RATE_DAY", default="30/day")
FEEDBACK_TRIES = env.str("FEEDBACK_TRIES", default="120/hour")
FEEDBACK_CEILING = env.int("FEEDBACK_CEILING", default=200)
TAGGIT_CASE_INSENSITIVE = True

# --- reviews ----------------------------------------------------------------------------------

# Hours one review may take when no 截稿 is set; 特急 texts are reviewed within these hours after
# publication; a reading link for leaders works these days.
REVIEW_HOURS = env.int("REVIEW_HOURS", default=24)
URGENT_REVIEW_HOURS = env.int("URGENT_REVIEW_HOURS", default=24)
READING_LINK_DAYS = env.int("READING_LINK_DAYS", default=7)

# --- WeChat -----------------------------------------------------------------------------------

# Where the official interface is reached; servers without a fixed address name their own proxy.
WECHAT_API_BASE = env.str("WECHAT_API_BASE", default="https://api.weixin.qq.com").rstrip("/")
WECHAT_APPID = env.str("WECHAT_APPID", default="")
WECHAT_SECRET = env.str("WECHAT_SECRET", default="")
# Both set: WeChat may call us, which takes over the account's auto-replies and menus.
WECHAT_CALLBACK_TOKEN = env.str("WECHAT_CALLBACK_TOKEN", default="")
WECHAT_CALLBACK_AES_KEY = env.str("WECHAT_CALLBACK_AES_KEY", default="")
# When a push goes live on the mirror: `at_minute` (the time that was set) or `when_sent`.
MIRROR_PUBLISH = env.str("MIRROR_PUBLISH", default="at_minute")
# Every public page is a file here (cms.mirror); nobody's request makes one.
MIRROR_ROOT = VAR_DIR / "mirror"
# Whoever works on the templates has each page made anew when it is asked for.
MIRROR_LIVE = False

# --- scrapers ---------------------------------------------------------------------------------

# Hosts that may resolve to this machine or a private network: the demo's and the tests' servers.
SCRAPER_TEST_HOSTS = env.list("SCRAPER_TEST_HOSTS", default=[])
# A page or mail address that visited servers are told, for whoever wants to complain.
SCRAPER_CONTACT = env.str("SCRAPER_CONTACT", default="") or SITE_URL
# Least seconds between two requests to one host, from all machines together.
SCRAPER_PACE_SECONDS = env.float("SCRAPER_PACE_SECONDS", default=2.0)

# --- public interface (rankings.api) ----------------------------------------------------------

# Requests from one address; `60/min`, `1000/hour` …
API_RATE = env.str("API_RATE", default="60/min")
# How many proxies of our own stand before the server and append to X-Forwarded-For.
API_PROXIES = env.int("API_PROXIES", default=0)
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {
    "TITLE": "在荷塘排名数据接口",
    "DESCRIPTION": "公开、只读：公众号、榜单、统计期、名次记录、连续榜首和结论。"
    "据报道的和自述的不是证明；is_example 为 true 的是虚构的示例。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Docstrings are for developers; readers get the Chinese descriptions of the endpoints.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "PREPROCESSING_HOOKS": ["rankings.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "rankings.api.schema.say_what_is_answered",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PeriodKind": "rankings.models.PeriodKind",
        "PublicStatus": "rankings.api.params.PUBLIC_STATUS",
        "ClaimStatus": "rankings.api.params.PUBLIC_CLAIMS",
    },
}

# --- logs -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
