"""Pages: Django and Wagtail."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.dev")
application = get_wsgi_application()
