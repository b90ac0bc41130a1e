"""For the public: https only, a secret that the deployment gives, no demonstration staff."""

from careline.core import choices
from careline.settings.base import *  # noqa: F403
from careline.settings.base import env

SECRET_KEY = choices.secret("SECRET_KEY")
ALLOWED_HOSTS = choices.names("ALLOWED_HOSTS", "help.example.org")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# A probe on the machine itself asks by plain http and follows no redirect.
SECURE_REDIRECT_EXEMPT = [r"^(health/(live|ready)|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
