"""Settings of a Callboard server, read from the environment (docs/configuration.md lists every variable)."""

import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.directories import *  # noqa: F403 settings as well
from config.environment import address, choice, decimal, flag, locale, number, rate, several, text, zone

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(text("DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = flag("DEBUG", False)
VERSION = "0.1.0"


def secret_key() -> str:
    """The SECRET_KEY of the environment, or the one that the first start wrote beside the data."""
    if given := text("SECRET_KEY"):
        return given
    path = DATA_DIR / "secret.key"
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = secret_key()
ALLOWED_HOSTS = several("ALLOWED_HOSTS", ";") or ["*"]
CORS_ALLOWED_ORIGINS = several("CORS_ALLOWED_ORIGINS", ";")
DOMAIN_NAME = text("DOMAIN_NAME", "localhost:8000")
DOMAIN_PROTOCOL = choice("DOMAIN_PROTOCOL", "http", ("http", "https"))
CSRF_TRUSTED_ORIGINS = [f"{DOMAIN_PROTOCOL}://{DOMAIN_NAME}"]
KITSU_WEB = text("KITSU_WEB")

INSTALLED_APPS = [
    "core",
    "events",
    "people",
    "production",
    "assets",
    "tasks",
    "chat",
    "files",
    "playlists",
    "imports",
    "config.apps.BackOffice",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "core.middleware.FoldedPaths",
    "core.middleware.SafeHeaders",
    "core.compression.Compression",
    "core.web_client.WebClient",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.PageSessions",
    "core.middleware.PageForms",
    "core.middleware.PagePeople",
    "core.middleware.PageMessages",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
HOST = text("HOST", "0.0.0.0")  # noqa: S104 a studio's server is there for the whole studio
PORT = number("PORT", 8000, 1)
THREADS = number("THREADS", 20, 1)
MEDIA_THREADS = number("MEDIA_THREADS", 6, 1)
MEDIA_MAX_CONCURRENT_REQUESTS = number("MEDIA_MAX_CONCURRENT_REQUESTS", 0)
MEDIA_SLOT_WAIT_TIMEOUT = number("MEDIA_SLOT_WAIT_TIMEOUT", 30, 1)
API_PROCESSES = number("API_PROCESSES", 1, 1)
SOCKET_CHECK_SECONDS = number("SOCKET_CHECK_SECONDS", 30, 1)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# Addresses are unique among people who sign in; bots may share one, so the column itself is not unique. What Django's own
# middleware would do for safety, that of core.middleware does: headers (W001, W002, W019) and forms of pages (W003).
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W001", "security.W002", "security.W003", "security.W019"]
APPEND_SLASH = False

DATABASE_URL = text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'callboard.sqlite3'}")
try:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
except ValueError:
    raise ImproperlyConfigured("DATABASE_URL must be an address such as postgresql://user:password@host/name.") from None
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue for the lock at BEGIN instead of failing half-way, so many people at once see no "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;",
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Compiling a board's statement takes PostgreSQL longer than running it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
else:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL or SQLite database.")
PREPARED_STATEMENTS = flag("PREPARED_STATEMENTS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = address("REDIS_URL", schemes=("redis", "rediss", "unix"))

# Times are stored and answered as naive UTC, as the API has them.
USE_TZ = False
TIME_ZONE = "UTC"
USE_I18N = False
FORMAT_MODULE_PATH = ["core.formats"]
DEFAULT_TIMEZONE = zone("DEFAULT_TIMEZONE", "Europe/Paris")
DEFAULT_LOCALE = locale("DEFAULT_LOCALE", "en_US")

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["people.authentication.StudioBackend"]
AUTH_STRATEGY = choice("AUTH_STRATEGY", "auth_local_classic", ("auth_local_classic", "auth_local_no_password", "auth_remote_ldap"))
BCRYPT_LOG_ROUNDS = number("BCRYPT_LOG_ROUNDS", 12, 4)
PASSWORD_HASHERS = ["people.hashers.StudioBCryptHasher"]
MIN_PASSWORD_LENGTH = number("MIN_PASSWORD_LENGTH", 8)
REGISTRATION_ENABLED = flag("REGISTRATION_ENABLED", True)
REGISTRATION_RATE = rate("REGISTRATION_RATE", "20/hour")
USER_LIMIT = number("USER_LIMIT", 100)
PROTECTED_ACCOUNTS = several("PROTECTED_ACCOUNTS", ";")
ADMIN_EMAIL = text("ADMIN_EMAIL")
ADMIN_PASSWORD = text("ADMIN_PASSWORD")
ADMIN_TOKEN = text("ADMIN_TOKEN")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DOMAIN_PROTOCOL == "https"

MAIL_ENABLED = flag("MAIL_ENABLED", bool(text("MAIL_SERVER")))
MAIL_CHECK_DELIVERABILITY = flag("MAIL_CHECK_DELIVERABILITY", False)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_ENABLED else 'dummy'}.EmailBackend"
EMAIL_HOST = text("MAIL_SERVER", "localhost")
EMAIL_PORT = number("MAIL_PORT", 25, 1)
EMAIL_HOST_USER = text("MAIL_USERNAME")
EMAIL_HOST_PASSWORD = text("MAIL_PASSWORD")
EMAIL_USE_TLS = flag("MAIL_USE_TLS", False)
EMAIL_USE_SSL = flag("MAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("MAIL_DEFAULT_SENDER", "no-reply@your-studio.com")
SLACK_API_URL = address("SLACK_API_URL", "https://slack.com/api")
DISCORD_API_URL = address("DISCORD_API_URL", "https://discord.com/api/v10")

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(days=7),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=15),
    "SIGNING_KEY": SECRET_KEY,
    "TOKEN_TYPE_CLAIM": "type",
    "USER_ID_CLAIM": "sub",
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["people.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.access.DeclaredAccess"],
    "DEFAULT_PARSER_CLASSES": [
        "core.api.parsers.JsonParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["core.api.renderers.JsonRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.StudioSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.renderers.JsonAlways",
    "EXCEPTION_HANDLER": "core.api.exceptions.answer_refusal",
    "UNAUTHENTICATED_USER": None,
    "SCHEMA_COERCE_PATH_PK": False,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Callboard",
    "DESCRIPTION": "Production tracking for animation and VFX studios. It speaks the Kitsu API.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    # The schema has tests of its own; how it names things says nothing about a server's safety.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "access_token_cookie"},
        }
    },
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
NB_RECORDS_PER_PAGE = number("NB_RECORDS_PER_PAGE", 100, 1)
DATA_UPLOAD_MAX_MEMORY_SIZE = None
MAX_CONTENT_LENGTH = number("MAX_CONTENT_LENGTH", 10 * 1024**3)
SHARE_LINK_GUESTS = number("SHARE_LINK_GUESTS", 100, 1)
SHARE_LINK_UPLOAD = number("SHARE_LINK_UPLOAD", 100 * 1024**2, 1)
MAX_JSON_LENGTH = number("MAX_JSON_LENGTH", 32 * 1024**2)
MAX_CSV_LENGTH = number("MAX_CSV_LENGTH", 32 * 1024**2, 1)
MAX_CSV_ROWS = number("MAX_CSV_ROWS", 100_000, 1)
SHOTGRID_URL = address("SHOTGRID_URL")
SHOTGRID_SCRIPT_NAME = text("SHOTGRID_SCRIPT_NAME")
SHOTGRID_API_KEY = text("SHOTGRID_API_KEY")
MAX_TIMELINE_LENGTH = number("MAX_TIMELINE_LENGTH", 32 * 1024**2, 1)
MAX_TIMELINE_CLIPS = number("MAX_TIMELINE_CLIPS", 20_000, 1)
CLIENT_CACHE_MAX_AGE = number("CLIENT_CACHE_MAX_AGE", 604800)
MOVIE_HIGHDEF_BITRATE = number("MOVIE_HIGHDEF_BITRATE", 28, 1)
MOVIE_LOWDEF_BITRATE = number("MOVIE_LOWDEF_BITRATE", 6, 1)
MAX_IMAGE_PIXELS = number("MAX_IMAGE_PIXELS", 400_000_000, 1)
# The API that clients ask for, and the version of it that is spoken here.
API_NAME = "Zou"
API_VERSION = "1.0.97"
ENFORCE_2FA = flag("ENFORCE_2FA", False)
TWO_FACTOR_EXEMPT_USERS = several("2FA_EXEMPT_USERS", ",")
SENTRY_KITSU_ENABLED = flag("SENTRY_KITSU_ENABLED", False)
SENTRY_KITSU_DSN = text("SENTRY_KITSU_DSN")
SENTRY_KITSU_SR = decimal("SENTRY_KITSU_SR", 0.1, 0, 1)
IS_SELF_HOSTED = flag("IS_SELF_HOSTED", True)
CRISP_TOKEN = text("CRISP_TOKEN")
DEFAULT_FILE_TREE = text("DEFAULT_FILE_TREE", "default")

PREVIEW_FOLDER = Path(text("PREVIEW_FOLDER", text("THUMBNAIL_FOLDER", str(DATA_DIR / "previews"))))
TMP_DIR = Path(text("TMP_DIR", str(DATA_DIR / "tmp")))
FILE_UPLOAD_TEMP_DIR = str(TMP_DIR)
TMP_DIR.mkdir(parents=True, exist_ok=True)
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = KITSU_WEB or None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+[-.][0-9A-Za-z_-]{8,}\.\w+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(PREVIEW_FOLDER)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FS_BACKEND = choice("FS_BACKEND", "local", ("local", "s3"))
FS_BUCKET_PREFIX = text("FS_BUCKET_PREFIX")
S3_OPTIONS = {
    "access_key": text("FS_S3_ACCESS_KEY"),
    "secret_key": text("FS_S3_SECRET_KEY"),
    "endpoint_url": address("FS_S3_ENDPOINT") or None,
    "region_name": text("FS_S3_REGION") or None,
    "object_parameters": {"ServerSideEncryption": "AES256"} if flag("FS_S3_AES256_ENCRYPTED", False) else {},
    "default_acl": None,
    "file_overwrite": True,
    "use_ssl": not text("FS_S3_ENDPOINT").startswith("http://"),
}
for bucket in ("pictures", "movies", "files"):
    if FS_BACKEND == "s3":
        STORAGES[bucket] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**S3_OPTIONS, "bucket_name": f"{FS_BUCKET_PREFIX}{bucket}"},
        }
    else:
        STORAGES[bucket] = {"BACKEND": "files.storage.FolderStorage", "OPTIONS": {"location": str(PREVIEW_FOLDER / bucket)}}
FS_S3_REDIRECT = flag("FS_S3_REDIRECT", False)
MEDIA_ACCEL_PREFIX = text("MEDIA_ACCEL_PREFIX").rstrip("/")
REMOVE_FILES = flag("REMOVE_FILES", False)
PREVIEW_SAVE_SOURCE_FILE = flag("PREVIEW_SAVE_SOURCE_FILE", False)
SKIP_NORMALIZATION_FULL = flag("SKIP_NORMALIZATION_FULL", False)
SKIP_NORMALIZATION_HIGHDEF = flag("SKIP_NORMALIZATION_HIGHDEF", False)
MOVIE_ENCODING_PRESET = text("MOVIE_ENCODING_PRESET", "medium")
MOVIE_VBV_BUFSIZE_FACTOR = number("MOVIE_VBV_BUFSIZE_FACTOR", 2)
DECODER_MAX_MEMORY = number("DECODER_MAX_MEMORY", 6 * 1024**3, 256 * 1024**2)
ENABLE_JOB_QUEUE = flag("ENABLE_JOB_QUEUE", True)
JOB_QUEUE_TIMEOUT = number("JOB_QUEUE_TIMEOUT", 3600, 1)

JOB_QUEUES = ["default"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": JOB_QUEUES}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    INSTALLED_APPS += ["django_rq", "django_tasks_rq"]
    TASKS["default"]["BACKEND"] = "core.redis_jobs.QueueAfterCommit"
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "callboard"}
RQ_QUEUES = {name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": JOB_QUEUE_TIMEOUT} for name in JOB_QUEUES if REDIS_URL}

EVENTS_SOCKET = DATA_DIR / "events.sock"
# Tests hold every event against the catalogue; a studio's work must not stop over one.
CHECK_EVENTS = False
PLUGIN_FOLDER = Path(text("PLUGIN_FOLDER", str(DATA_DIR / "plugins"))).resolve()
EVENT_HANDLERS_FOLDER = Path(text("EVENT_HANDLERS_FOLDER", "event_handlers")).resolve()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": choice("LOGLEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "callboard.sockets": {"level": "WARNING"},
        "uvicorn": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
        # They print what they were sent, assertions included; whoever calls them says in a line of its own what went wrong.
        "saml2": {"level": "CRITICAL"},
        "xmlschema": {"level": "WARNING"},
        "djangosaml2": {"level": "CRITICAL"},
        "rq": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
