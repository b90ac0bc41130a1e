"""For the test suite: like dev, with a state folder of its own and fast password hashes."""

import os
import tempfile

os.environ.setdefault("CARELINE_HOME", tempfile.mkdtemp(prefix="careline-test-"))

from careline.settings.base import *  # noqa: F403

DEMONSTRATION_STAFF = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
