"""For the test suite: like dev, with a state folder of its own and fast password hashes."""

import os
import tempfile

os.environ.setdefault("CARELINE_HOME", tempfile.mkdtemp(prefix="careline-test-"))

from careline.settings.base import *  # noqa: F403
from careline.settings.base import CACHES, REDIS_URL

DEMONSTRATION_STAFF = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
# Each test's database counts its contents anew, so a kept page could be another test's.
KEPT_PAGES = 0

if REDIS_URL:
    # Each test process counts in a Redis database of its own: tests drop all counts.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    REDIS_URL = f"{REDIS_URL.rpartition('/')[0]}/{worker + 1}"
    RATE_LIMIT_STORAGE = REDIS_URL
    CACHES["default"]["LOCATION"] = REDIS_URL
