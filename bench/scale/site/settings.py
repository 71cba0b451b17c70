"""The settings of production, with the views to compare with, and without limits on who asks too often: for
the server, and for `make bench` itself, which asks the views in its own process.
"""

import os

# Before the settings are read. A limit by the second keeps the list of moments short that it is counted by.
os.environ |= {"API_RATE_ANONYMOUS": "100000/s", "API_RATE_MEMBER": "100000/s"}

from config.settings import *  # noqa: E402, F403 – settings are whatever the module holds
from config.settings import DATABASES  # noqa: E402

ROOT_URLCONF = "bench.scale.site.urls"
# A connection that ends between two requests would be counted to the third.
DATABASES["default"]["CONN_MAX_AGE"] = None
