"""What the server runs: the site, and the floor once more without any middleware.

Whoever starts it names the settings: see server.py.
"""

from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

from config.wsgi import application as site

with override_settings(MIDDLEWARE=[]):
    bare = WSGIHandler()


def application(environ, start_response):
    without = environ.get("QUERY_STRING") == "bare"
    return (bare if without else site)(environ, start_response)
