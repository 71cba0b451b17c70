"""How the site is served: `gunicorn -c deploy/gunicorn.conf.py config.wsgi`."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# Two processes with two threads share SQLite's single writer most fairly; PostgreSQL takes more.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "2"))
worker_class = "gthread"
loglevel = "warning"
# A worker's heartbeat is a file: on a disk, a slow one would get the worker killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def when_ready(server):
    print(f"Retex is at {os.environ.get('SITE_URL', f'http://{bind}')} (Ctrl+C stops it)", flush=True)
