"""How the site is served: `gunicorn -c deploy/gunicorn.conf.py config.wsgi`."""

import gc
import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# Two processes with two threads share SQLite's single writer most fairly; PostgreSQL takes more.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "2"))
worker_class = "gthread"
preload_app = True  # Loaded once, the site is held once.
loglevel = "warning"
# A worker's heartbeat is a file: on a disk, a slow one would get the worker killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def pre_fork(server, worker):
    """Leave what is loaded by now to all processes as it is: they hold it together while none writes to
    it, as Python's collector would, which also took 60 ms to go over it in some request.
    """
    from django.db import connections

    connections.close_all()  # No two processes may speak to the database on one line.
    gc.collect()
    gc.freeze()


def post_fork(server, worker):
    """Look for what nothing refers to any more less often: to go over all that a worker holds took a tenth of
    a second, every few seconds, of whoever asked just then. What is young is looked through as before.
    """
    gc.set_threshold(10_000, 10, 50)


def when_ready(server):
    print(f"Retex is at {os.environ.get('SITE_URL', f'http://{bind}')} (Ctrl+C stops it)", flush=True)
