"""Settings of the tests: a throw-away folder, quick hashing, SQLite unless DATABASE_URL says otherwise."""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="callboard-tests-")
os.environ.setdefault("SECRET_KEY", "a-key-for-the-tests-alone-of-enough-length")
os.environ.setdefault("LOGLEVEL", "ERROR")
os.environ["BCRYPT_LOG_ROUNDS"] = "4"

for name in ("REDIS_URL", "KITSU_WEB", "ADMIN_EMAIL", "ADMIN_PASSWORD"):
    os.environ.pop(name, None)

from config.settings import *  # noqa: E402, F403

DATABASES["default"]["TEST"] = {"NAME": None}  # noqa: F405
# Jobs run at once, where they are asked for, unless a test says otherwise.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": JOB_QUEUES}}  # noqa: F405
CHECK_EVENTS = True
