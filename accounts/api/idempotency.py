"""Requests that create something, sent twice and acting once (the header Idempotency-Key)."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import Receipt
from config.rest.problems import KeyReused
from config.rest.renderers import JSONRenderer
from config.text import validate_storable


def idempotency(request):
    """Return (key, digest) of a request that creates; the key is "" when none was sent."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return "", ""
    try:
        validate_storable(key)
    except ValidationError:
        key = ""
    if not key or len(key) > 64 or not key.isascii() or not key.isprintable():
        text = _("An Idempotency-Key has 1 to 64 printable ASCII characters.")
        raise serializers.ValidationError({"Idempotency-Key": [text]})
    body = json.dumps(request.data, sort_keys=True)
    return key, hashlib.sha256(f"{request.path}\n{body}".encode()).hexdigest()


def once(request, create, keep=None):
    """Answer `create()`, or what it answered when this Idempotency-Key was first sent.

    `keep(data)` returns what may be kept of the answer. The receipt and what is created are one
    transaction: a request that failed leaves its key free.
    """
    key, digest = idempotency(request)
    if not key:
        return create()
    with transaction.atomic():
        receipt, fresh = Receipt.objects.get_or_create(
            member=request.user, key=key, defaults={"digest": digest}
        )
        if fresh:
            Receipt.objects.forget_old(request.user)
            response = create()
            data = keep(response.data) if keep else response.data
            receipt.status = response.status_code
            receipt.answer = json.loads(JSONRenderer().render(data))
            receipt.save(update_fields=["status", "answer"])
            return response
    if receipt.digest != digest:
        raise KeyReused
    return Response(receipt.answer, status=receipt.status)
