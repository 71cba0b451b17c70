"""What a door answers, in the words of the tables; each try is undone before the next."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from tests.conftest import some

ANSWERS = {200: "done", 201: "done", 204: "done", 302: "done", 401: "sign in", 403: "refused", 404: "unseen"}
ANSWERS |= {422: "state"}


def assert_table(people, table, attempt, *of):
    """Assert that what comes of each try is what `table` ({verb: {person: outcome}}) says.

    Not all verbs are tried in each run: they are drawn for what the table is `of`, a door and a state.
    """
    verbs = some(table, *of)
    assert try_all(people, verbs, attempt) == {verb: table[verb] for verb in verbs}


def try_all(people, verbs, attempt):
    """Return {verb: {person: what came of it}}, each try undone before the next."""
    return {verb: {name: undone(attempt, person, verb) for name, person in people.items()} for verb in verbs}


def undone(attempt, person, verb):
    with transaction.atomic():
        outcome = attempt(person, verb)
        transaction.set_rollback(True)
    return outcome


def answer_of(response):
    """Return the word for an answer; a way to the sign-in page is not a success."""
    if response.status_code == 302 and reverse("account_login") in response["Location"]:
        return "sign in"
    if response.status_code == 400:
        return response.json()["errors"][0]["code"]
    return ANSWERS.get(response.status_code, response.status_code)


def outcome_of(act):
    """Return the word for what a verb of the model did."""
    try:
        act()
    except PermissionDenied:
        return "refused"
    except ValidationError as refusal:
        return refusal.code if hasattr(refusal, "code") else str(refusal)
    return "done"


def tag_of(client, address):
    """Return the ETag of what this person reads, or one nobody gave."""
    return client.get(address).headers.get("ETag", '"1"')
