"""What the server runs: the site, and the floor once more without any middleware."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.scale.site.settings")

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from config.wsgi import application as site  # noqa: E402

with override_settings(MIDDLEWARE=[]):
    bare = WSGIHandler()


def application(environ, start_response):
    without = environ.get("QUERY_STRING") == "bare"
    return (bare if without else site)(environ, start_response)
