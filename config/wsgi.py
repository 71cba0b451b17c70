"""The WSGI application a server runs: `gunicorn config.wsgi`.

No page waits for the database without end. Commands may: an import or a migration takes what it takes.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from config.database import postgresql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "8")
if settings.STATEMENT_TIMEOUT:
    # After what the server itself would have said so.
    postgresql.wait_at_most(settings.STATEMENT_TIMEOUT + 2)

application = get_wsgi_application()
resolve("/")  # All views are loaded now, before the first who asks for one.
