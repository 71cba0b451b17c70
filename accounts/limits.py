"""How often something may be done in a time, and where that is counted: settings.LIMITS has the numbers.

Django's cache tables forget by number of rows, so whoever sends enough requests makes them forget
the wrong passwords of another. What is counted here ends by its date alone. Reads, of pages and by the API,
are counted elsewhere, in the process or in Valkey: a read writes nothing to the database.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from accounts.models import RateLimit
from config.refusals.too_often import TooOften
from config.rest.operations import operation_of

# Kinds of settings.LIMITS that only read, even where a form is sent: what stands beside words being typed.
READING = ("searches", "suggestions", "exports")
logger = logging.getLogger(__name__)


class RateLimitCache(BaseCache):
    """Django's cache interface over RateLimit, for allauth and REST framework: all processes share it.

    It holds what JSON can say. Everything in it ends: there is no `timeout=None`.
    """

    def __init__(self, _location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        held = RateLimit.objects.alive().filter(pk=self._digest(key, version))
        return next(iter(held.values_list("value", flat=True)), default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        row = RateLimit(key=self._digest(key, version), value=value, expires_at=self._end(timeout))
        changing = ["value", "expires_at"]
        RateLimit.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["key"], update_fields=changing
        )

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Set `key` unless it is there; of several who try at once, one succeeds."""
        digest, columns = self._digest(key, version), {"value": value, "expires_at": self._end(timeout)}
        if RateLimit.objects.ended().filter(pk=digest).update(**columns):
            return True
        try:
            with transaction.atomic():
                RateLimit.objects.create(key=digest, **columns)
        except IntegrityError:
            return False
        return True

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        held = RateLimit.objects.alive().filter(pk=self._digest(key, version))
        return bool(held.update(expires_at=self._end(timeout)))

    def delete(self, key, version=None):
        return bool(RateLimit.objects.filter(pk=self._digest(key, version)).delete()[0])

    def clear(self):
        RateLimit.objects.all().delete()

    def _digest(self, key, version):
        """Return what stands for `key`, which may hold an address: it cannot be had back from it."""
        key = self.make_key(key, version)
        return salted_hmac("accounts.limits", key, algorithm="sha256").hexdigest()

    def _end(self, timeout):
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return timezone.now() + timedelta(seconds=seconds)


class CountedByMethod:
    """Reads are counted in the cache that processes share, if any, else in each of them; writes in ours."""

    def allow_request(self, request, view):
        if self.writes(request):
            self.cache = caches["default"]
        elif "shared" in settings.CACHES:
            return self.allow_by_shared(request, view)
        else:
            self.cache = caches["process"]
        return super().allow_request(request, view)

    def writes(self, request):
        """Whether what is counted may write to the database."""
        return request.method not in SAFE_METHODS

    def allow_by_shared(self, request, view):
        """Count in the shared cache; while it is out of reach, in the process: nobody is sent away for it."""
        try:
            self.cache = caches["shared"]
            return super().allow_request(request, view)
        except Exception as error:  # The client has errors of its own, and need not be installed.
            logger.warning("The shared cache is out of reach (%s).", type(error).__name__)
            self.cache = caches["process"]
            return super().allow_request(request, view)


class VisitorThrottle(CountedByMethod, AnonRateThrottle):
    """Limit what visitors ask of the API, by address."""


class MemberThrottle(CountedByMethod, UserRateThrottle):
    """Limit what each member asks of the API; visitors have a limit of their own, and count once."""

    def get_cache_key(self, request, view):
        known = request.user and request.user.is_authenticated
        return super().get_cache_key(request, view) if known else None


class KindThrottle(CountedByMethod, SimpleRateThrottle):
    """Limit one kind of things, wherever they are done: on pages, and by the API where an action says so."""

    def __init__(self, kind=""):
        self.kind = kind  # No rate yet: it depends on who asks.

    def allow_request(self, request, view):
        self.kind = self.kind or operation_of(view).limit
        if not self.kind:
            return True
        self.who = "member" if request.user and request.user.is_authenticated else "visitor"
        rates = settings.LIMITS[self.kind]
        self.rate = rates.get(self.who, rates["member"])
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def writes(self, request):
        return self.kind not in READING

    def get_cache_key(self, request, view):
        one = request.user.pk if self.who == "member" else self.get_ident(request)
        return f"limit_{self.kind}_{self.who}_{one}"


def count(kind, request):
    """Count one more thing of `kind` for whoever asks; raise TooOften when it is one too many."""
    throttle = KindThrottle(kind)
    if not throttle.allow_request(request, None):
        raise TooOften(throttle.wait() or throttle.duration)


def counted(kind, request, act):
    """Return `act` as a function that counts one more of `kind` first; "" is not counted."""

    def counting(**words):
        if kind:
            count(kind, request)
        return act(**words)

    return counting
