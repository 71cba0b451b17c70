"""Which release answers: what another answered may look otherwise though nothing that is stored changed."""

import hashlib
from functools import cache

from django.conf import settings

WRITTEN = ("accounts", "config", "experiences", "practices", "static", "templates")
KINDS = {".py", ".html", ".txt", ".mo", ".css", ".js", ".svg"}


@cache
def release():
    """Return what is another once the code, a template, a translation, a style or script, or the address of
    the site is; the same in all processes, on all machines, of one release.
    """
    told = hashlib.sha256(settings.SITE_URL.encode())
    for name in WRITTEN:
        for path in sorted((settings.BASE_DIR / name).rglob("*")):
            if path.suffix in KINDS:
                told.update(path.read_bytes())
    return told.hexdigest()
