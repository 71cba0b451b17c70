"""The settings of production, with the views to compare with, and without limits on who asks too often."""

from config.settings import *  # noqa: F403 – settings are whatever the module holds
from config.settings import DATABASES

ROOT_URLCONF = "bench.scale.site.urls"
# A connection that ends between two requests would be counted to the third.
DATABASES["default"]["CONN_MAX_AGE"] = None
