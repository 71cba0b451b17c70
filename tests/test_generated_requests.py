"""Requests made up from the API's own description: no answer that is a fault, or that nobody described.

A few in every run, for another part of the actions each time; RETEX_API_CASES=8 makes ten thousand, for all.
"""

import json
import os
from functools import cache
from random import Random

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from accounts.models import Token
from config.rest.reference_page import document
from tests.conftest import PROFILE, seed
from tests.factories import make_published_practice, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# How many of each kind, for each action and person; unless all are asked for, for some actions.
CASES = int(os.environ.get("RETEX_API_CASES", 0))
FEWEST = 6  # the first that is drawn is the simplest there is, whatever the seed
SHARE = {"local": 20, "ci": 10, "whole": 3}[PROFILE]
SLICES = 3  # so that several processes share the work
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
    checks.unsupported_method,
]


@cache
def described():
    """Return all the API does, by its description, read once by each process."""
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document())))
    schema.app = get_wsgi_application()
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def operations(db):
    """Return all the API does; what it is asked runs within the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield described()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def existing(ana, carol, chris):
    """Return {beginning of an address: values of its variables that lead to something}."""
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris, reports=[report])
    claim = practice.reopen(by=carol).claims().get()
    return {
        "experiences": {"public_id": report.public_id},
        "practices": {"slug": practice.slug, "number": "1"},
        "claims": {"id": str(claim.pk)},
    }


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("name", [None, "ana", "carol", "mona"])
def test_no_request_that_the_description_allows_is_a_fault(name, part, operations, existing, request):
    person = name and request.getfixturevalue(name)
    headers = {}
    if person:
        _row, key = Token.objects.create(person, name="generated", scope="write")
        headers = {"Authorization": f"Token {key}"}
    faults = []
    mine = operations[part::SLICES]
    for operation in mine if CASES else Random(f"{seed()} {name} {part}").sample(mine, len(mine) // SHARE):
        known = existing.get(operation.path.split("/")[3], {})
        values = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
        for mode in modes(operation):
            for path_parameters in ({}, values) if values else ({},):
                try:
                    send_some(operation, mode, path_parameters, headers)
                except FailureGroup as found:
                    faults += [f"{operation.label} as {name}: {fault}" for fault in found.exceptions]
    assert not faults, "\n".join(faults)


def modes(operation):
    """Return how requests are made up: as described and, where that is possible, otherwise."""
    return [GenerationMode.POSITIVE] if is_right_whatever(operation) else list(GenerationMode)


def is_right_whatever(operation):
    """Whether any text is allowed in the address and the headers, none is needed there, and nothing else is
    sent.
    """
    return not operation.body and all(
        parameter.definition["schema"] == {"type": "string"}
        and (parameter.location is ParameterLocation.PATH or is_optional_header(parameter))
        for parameter in operation.iter_parameters()
    )


def is_optional_header(parameter):
    return parameter.location is ParameterLocation.HEADER and not parameter.is_required


def send_some(operation, mode, path_parameters, headers):
    """Send what is drawn for `operation`, each undone before the next."""
    cases = operation.as_strategy(mode, path_parameters=path_parameters or None)
    sent = 0

    @hypothesis.seed(f"{seed()} {operation.label} {mode}")
    @settings(
        max_examples=max(CASES, FEWEST),
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send(case):
        nonlocal sent
        sent += 1
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    send()
    assert sent, f"nothing was drawn for {operation.label}, {mode}"
