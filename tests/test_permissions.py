"""Who may do what: one table for reports, one for practices, held against every door.

Each test puts one row in one state, lets every person try every verb through one door, undoes each
try, and compares what came of it with the table: refused and allowed share one setup.

    done      it happened
    state     this person may, but not in this state (422 on the page, 400 in the API)
    refused   sees it, may not do this (403)
    sign in   a visitor is asked who they are (401, or the sign-in page)
    unseen    as if it did not exist (404)
"""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import Resolver404, resolve, reverse

from experiences.models import Experience, Stake
from practices.models import Practice
from tests.conftest import make_person
from tests.factories import make_cluster, make_draft, make_practice, make_report

pytestmark = pytest.mark.django_db

ANSWERS = {200: "done", 201: "done", 204: "done", 302: "done", 401: "sign in", 403: "refused", 404: "unseen"}
ANSWERS |= {422: "state"}


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


# --- Reports: ana wrote it -------------------------------------------------------------------------

PEOPLE = ("visitor", "ana", "ben", "carol", "mona")  # carol curates, mona moderates

REPORT_SEEN_BY = {
    "draft": "ana",
    "submitted": "ana carol mona",
    "returned": "ana carol mona",
    "published": "visitor ana ben carol mona",
    "withdrawn": "ana carol mona",
    "hidden": "ana mona",
}
REPORT_VERBS = {
    # verb: (who, in which states)
    "see": ("visitor ana ben carol mona", "draft submitted returned published withdrawn hidden"),
    "edit": ("ana", "draft returned published"),
    "submit": ("ana", "draft returned"),
    "discard": ("ana", "draft"),
    "publish": ("carol mona", "submitted"),
    "return": ("carol mona", "submitted"),
    "stakes": ("carol mona", "submitted published"),
    "withdraw": ("ana mona", "published hidden"),
    "flag": ("ben carol mona", "published"),
    "restore": ("mona", "hidden"),
    "keep": ("mona", ""),  # in none of these states does an alarm wait
    "withhold": ("mona", "published hidden"),
    "follow-up": ("ana", "published"),
    "ask": ("ben carol mona", "published"),
    "withdraw-trust": ("mona", "published withdrawn hidden"),
    "give-trust-back": ("mona", ""),  # in none of these states was it withdrawn
    "link": ("carol mona", "submitted returned published withdrawn hidden"),
}
REPORT_WORDS = {
    "return": {"reason": "unclear", "note": "Say when it happened."},
    "stakes": {"stakes": ["chasing-numbers"]},
    "withdraw": {"note": "Our member asked for it."},
    "flag": {"reason": "abuse", "note": "See the second line."},
    "restore": {"note": "Nothing wrong with it."},
    "withhold": {"words": "human contact", "note": "It names someone."},
    "follow-up": {"verdict": "worked", "text": "It still holds."},
    "ask": {"text": "Who ran both?", "part": "action", "identity": "withheld"},
    "withdraw-trust": {"note": "It names a client again."},
}


def set_stakes(report, *, by, stakes):
    return report.set_stakes(by=by, stakes=list(Stake.objects.filter(slug__in=stakes)))


REPORT_ACTS = {
    "submit": Experience.submit,
    "discard": Experience.discard,
    "publish": Experience.publish,
    "return": Experience.return_to_author,
    "stakes": set_stakes,
    "withdraw": Experience.withdraw,
    "flag": Experience.flag,
    "restore": Experience.restore,
    "keep": Experience.keep,
    "withhold": Experience.withhold_words,
    "follow-up": Experience.follow_up,
    "ask": Experience.ask,
    "withdraw-trust": Experience.withdraw_trust,
    "give-trust-back": Experience.give_trust_back,
}


def expected_of_report(state, verb, name):
    who, states = REPORT_VERBS[verb]
    if name not in REPORT_SEEN_BY[state].split():
        return "unseen"
    if name not in who.split():
        return "refused"
    if state in states.split():
        return "done"
    # Whoever may not edit now is refused: there is no verb, and so no state to speak of.
    return "refused" if verb == "edit" else "state"


def report_table(state, verbs, **instead):
    """Return the table for one state; `instead` says what a visitor meets at this door."""
    return {
        verb: {name: expected_of_report(state, verb, name) for name in PEOPLE}
        | ({"visitor": instead[verb.replace("-", "_")]} if verb.replace("-", "_") in instead else {})
        for verb in verbs
    }


@pytest.fixture
def people(ana, ben, carol, mona):
    return {"visitor": AnonymousUser(), "ana": ana, "ben": ben, "carol": carol, "mona": mona}


def report_in(state, people):
    ana, carol = people["ana"], people["carol"]
    report = make_draft(ana)
    if state != "draft":
        report.submit(by=ana)
    if state == "returned":
        report.return_to_author(by=carol, **REPORT_WORDS["return"])
    if state in ("published", "withdrawn", "hidden"):
        report.publish(by=carol)
    if state == "withdrawn":
        report.withdraw(by=ana, **REPORT_WORDS["withdraw"])
    if state == "hidden":
        report.flag(by=carol, **REPORT_WORDS["flag"])
    assert report.status == state
    return report


@pytest.fixture
def other(carol):
    """Another published report, to link with."""
    return make_report(make_person("dora"), carol)


@pytest.fixture
def session(browse):
    """Return the browser of a person, who may be a visitor."""
    return lambda person: browse(person if person.is_authenticated else None)


@pytest.fixture
def program(api):
    return lambda person: api(person if person.is_authenticated else None)


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_may_do_what_to_a_report(state, people, other):
    pk = report_in(state, people).pk

    def attempt(person, verb):
        report = Experience.objects.visible_to(person).filter(pk=pk).first()
        if report is None:
            return "unseen"
        if verb == "see":
            return "done"
        if verb == "edit":
            outcome = outcome_of(lambda: report.write(by=person))
            assert report.can_be_edited_by(person) == (outcome == "done")
            return outcome
        if verb == "link":
            return outcome_of(lambda: report.tells_same_event_as(other, by=person))
        return outcome_of(lambda: REPORT_ACTS[verb](report, by=person, **REPORT_WORDS.get(verb, {})))

    assert try_all(people, REPORT_VERBS, attempt) == report_table(state, REPORT_VERBS)


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_may_do_what_on_a_report_s_page(state, people, other, session):
    address = report_in(state, people).get_absolute_url()
    words = REPORT_WORDS | {"link": {"other": other.public_id}}
    words["withhold"] = words["withhold"] | {"confirmed": "yes"}

    def attempt(person, verb):
        browser = session(person)
        if verb == "see":
            return answer_of(browser.get(address))
        if verb == "edit":
            return answer_of(browser.get(f"{address}edit/"))
        return answer_of(browser.post(f"{address}{verb}/", words.get(verb, {})))

    assert try_all(people, REPORT_VERBS, attempt) == report_table(state, REPORT_VERBS, edit="sign in")


def tag_of(client, address):
    """Return the ETag of what this person reads, or one nobody gave."""
    return client.get(address).headers.get("ETag", '"1"')


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_reads_what_a_report_said_before(state, people, session, program):
    report = report_in(state, people)
    seen = REPORT_SEEN_BY[state].split()
    whole = ("ana", "carol", "mona")
    sent = 0 if state == "draft" else 1
    public = int(state in ("published", "withdrawn", "hidden"))
    for name, person in people.items():
        page = session(person).get(f"{report.get_absolute_url()}history/")
        answer = program(person).get(f"/api/v1/experiences/{report.public_id}/revisions/")
        assert page.status_code == answer.status_code == (200 if name in seen else 404), name
        if name in seen:
            assert answer.json()["count"] == len(page.context["rows"]) == public + sent * (name in whole), (
                name
            )


@pytest.mark.parametrize("state", ["published", "hidden", "withdrawn"])
def test_only_moderators_look_at_words_that_were_withheld(state, people, session, program):
    report = report_in("published", people)
    report.withhold_words(by=people["mona"], **REPORT_WORDS["withhold"])
    if state == "hidden":
        report.flag(by=people["carol"], reason="abuse")
    if state == "withdrawn":
        report.withdraw(by=people["ana"], note="Our member asked for it.")

    def attempt(person, door):
        if door == "page":
            return answer_of(session(person).post(f"{report.get_absolute_url()}withheld/"))
        return answer_of(program(person).post(f"/api/v1/experiences/{report.public_id}/withheld/"))

    seen = {name: "refused" if name in REPORT_SEEN_BY[state].split() else "unseen" for name in PEOPLE}
    expected = {  # a visitor is asked to sign in, whatever it is
        "page": seen | {"visitor": "refused", "mona": "done"},
        "program": seen | {"visitor": "sign in", "mona": "done"},
    }
    assert try_all(people, expected, attempt) == expected


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_who_may_do_what_to_a_report_through_the_api(state, people, other, program):
    words = REPORT_WORDS | {"link": {"other": other.public_id}}
    address = f"/api/v1/experiences/{report_in(state, people).public_id}/"
    tags = {person: tag_of(program(person), address) for person in people.values()}

    def attempt(person, verb):
        client = program(person)
        if verb == "see":
            return answer_of(client.get(address))
        match = {"If-Match": tags[person]}
        if verb == "edit":
            return answer_of(client.patch(address, {"title": "Another title"}, headers=match))
        place = {"follow-up": "follow-ups", "ask": "questions"}.get(verb, verb)
        return answer_of(client.post(f"{address}{place}/", words.get(verb, {}), headers=match))

    visitor = {verb.replace("-", "_"): "sign in" for verb in REPORT_VERBS if verb != "see"}
    assert try_all(people, REPORT_VERBS, attempt) == report_table(state, REPORT_VERBS, **visitor)


def test_nobody_reviews_their_own_report(browse):
    cleo = make_person("cleo", "Curators")
    report = make_draft(cleo).submit(by=cleo)

    for verb in ("publish", "return"):
        answer = browse(cleo).post(f"{report.get_absolute_url()}{verb}/", REPORT_WORDS.get(verb, {}))
        assert answer.status_code == 403


# --- Practices: carol wrote it, chris published it ---------------------------------------------------

CURATORS = "carol chris mona"
EVERYONE = "visitor ben carol chris mona"

PRACTICE_SEEN_BY = {
    "draft": CURATORS,
    "in-review": CURATORS,
    "returned": CURATORS,
    "published": EVERYONE,
    "revised": EVERYONE,  # published before; carol is changing its working copy
    "retired": EVERYONE,
}
PRACTICE_VERBS = {
    # verb: (who, in which states)
    "see": (EVERYONE, "draft in-review returned published revised retired"),
    "edit": (CURATORS, "draft returned revised"),
    "cite": (CURATORS, "draft returned revised"),
    "uncite": (CURATORS, "draft returned revised"),
    "revise": (CURATORS, "draft returned revised"),
    "move": (CURATORS, "draft returned revised"),
    "remove": (CURATORS, "draft returned revised"),
    "gather": (CURATORS, "draft returned revised"),
    "put-back": (CURATORS, "draft returned revised"),
    "submit": (CURATORS, "draft returned revised"),
    "return": (CURATORS, "in-review"),
    "publish": ("chris mona", "in-review"),
    "reopen": (CURATORS, "published"),
    "retire": (CURATORS, "published"),
    "lower": (CURATORS, "draft in-review returned published revised retired"),
    "try": ("ben carol chris mona", "published revised"),
    "comment": (CURATORS, "draft in-review returned revised"),
    "translate": (CURATORS, "published revised"),
    "settle": (CURATORS, "draft in-review returned published revised retired"),
    "withhold": ("mona", "draft in-review returned published revised retired"),
}
# Whoever may not edit the working copy now is refused: there is no state to speak of.
OF_WORKING_COPY = ("edit", "cite", "uncite", "revise", "move", "remove", "gather", "put-back")
# Two people: carol's edits keep her from publishing until another has.
EDITED_BY_CAROL = ("draft", "in-review", "returned", "revised")
PRACTICE_WORDS = {
    "return": {"note": "Cite a second report."},
    "retire": {"note": "The platform is gone."},
    "lower": {"reason": "All of it comes from one place."},
    "withhold": {"words": "Announce", "note": "It names someone."},
    "try": {"verdict": "worked", "line": "We did it in March."},
    "comment": {"text": "Is it so everywhere?"},
    "translate": {"title": "Faites tourner les deux lieux"},
}
CLAIM_ACTS = {
    "cite": lambda claim, by, report: claim.cite(report, by=by, **citation(report)),
    "uncite": lambda claim, by, report: claim.evidence.get().remove(by=by),
    "revise": lambda claim, by, report: claim.revise(by=by, text="Announce it twice."),
    "move": lambda claim, by, report: claim.move(1, by=by),
    "remove": lambda claim, by, report: claim.remove(by=by),
}
PRACTICE_ACTS = {
    "submit": Practice.submit,
    "return": Practice.return_to_curators,
    "publish": Practice.publish,
    "reopen": Practice.reopen,
    "retire": Practice.retire,
    "lower": Practice.lower_grade,
    "try": Practice.try_out,
    "comment": Practice.comment,
    "translate": Practice.translate,
    "settle": lambda practice, by: practice.comments.get().settle(by=by),
    "withhold": Practice.withhold_words,
}


def expected_of_practice(state, verb, name):
    who, states = PRACTICE_VERBS[verb]
    if name not in PRACTICE_SEEN_BY[state].split():
        return "unseen"
    if verb == "publish" and name == "carol" and state not in EDITED_BY_CAROL:
        return "state"
    if name not in who.split():
        return "refused"
    if state in states.split():
        return "done"
    return "refused" if verb in OF_WORKING_COPY else "state"


def practice_table(state, verbs, **visitor):
    """Return the table for one state; `visitor` says what a visitor meets at this door."""
    return {
        verb: {name: expected_of_practice(state, verb, name) for name in EVERYONE.split()}
        | ({"visitor": visitor[verb]} if verb in visitor else {})
        for verb in verbs
    }


@pytest.fixture
def curators(ben, carol, chris, mona):
    return {"visitor": AnonymousUser(), "ben": ben, "carol": carol, "chris": chris, "mona": mona}


def practice_in(state, curators, report):
    carol, chris = curators["carol"], curators["chris"]
    practice = make_practice(carol, reports=[report])
    practice.comment(by=chris, text="Name the size.")
    if state != "draft":
        practice.submit(by=carol)
    if state == "returned":
        practice.return_to_curators(by=chris, **PRACTICE_WORDS["return"])
    if state in ("published", "revised", "retired"):
        practice.publish(by=chris)
    if state == "revised":
        practice.reopen(by=carol).write(by=carol)
    if state == "retired":
        practice.retire(by=chris, **PRACTICE_WORDS["retire"])
    assert practice.status == ("draft" if state == "revised" else state)
    return practice


def citation(report):
    return {"bearing": "nuances", "excerpt": report.result[:20], "note": "In its first month."}


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_who_may_do_what_to_a_practice(state, curators, other):
    pk = practice_in(state, curators, other).pk

    def attempt(person, verb):
        practice = Practice.objects.visible_to(person).filter(pk=pk).first()
        if practice is None:
            return "unseen"
        if verb == "see":
            return "done"
        if verb == "edit":
            outcome = outcome_of(lambda: practice.write(by=person))
            assert practice.can_be_edited_by(person) == (outcome == "done")
            return outcome
        if verb in CLAIM_ACTS:
            return outcome_of(lambda: CLAIM_ACTS[verb](practice.claims().get(), person, other))
        if verb == "gather":
            return outcome_of(lambda: practice.gather([other], by=person))
        if verb == "put-back":
            return outcome_of(lambda: practice.put_back(other, by=person))
        return outcome_of(lambda: PRACTICE_ACTS[verb](practice, by=person, **PRACTICE_WORDS.get(verb, {})))

    assert try_all(curators, PRACTICE_VERBS, attempt) == practice_table(state, PRACTICE_VERBS)


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_who_may_do_what_on_a_practice_s_pages(state, curators, other, session):
    practice = practice_in(state, curators, other)
    address, claim = practice.get_absolute_url(), practice.claims().get()
    places = {
        "cite": f"claims/{claim.pk}/cite/",
        "uncite": f"evidence/{claim.evidence.get().pk}/remove/",
        "revise": f"claims/{claim.pk}/revise/",
        "move": f"claims/{claim.pk}/down/",
        "remove": f"claims/{claim.pk}/remove/",
        "put-back": f"material/{other.public_id}/remove/",
        "try": "try/",
        "comment": "comments/",
        "translate": "translate/",
        "withhold": "withhold/",
        "settle": f"comments/{practice.comments.get().pk}/settle/",
        "gather": "material/add/",
    }
    words = PRACTICE_WORDS | {"cite": citation(other) | {"report": other.public_id}}
    words["try"] = words["try"] | {"identity": "withheld"}
    words["withhold"] = words["withhold"] | {"confirmed": "yes"}
    words["comment"] = {"comment-text": PRACTICE_WORDS["comment"]["text"]}
    words["gather"] = {"report": other.public_id}
    words["revise"] = {f"claim-{claim.pk}-kind": "do-this", f"claim-{claim.pk}-text": "Announce it twice."}

    def attempt(person, verb):
        browser = session(person)
        if verb == "see":
            return answer_of(browser.get(address))
        if verb == "edit":
            return answer_of(browser.get(f"{address}edit/"))
        place = places.get(verb, f"do/{verb}/")
        return answer_of(browser.post(f"{address}{place}", words.get(verb, {})))

    # A visitor's words are kept on the page that asks them to sign in, whatever they were about.
    visitor = dict.fromkeys(PRACTICE_VERBS, "refused") | {"edit": "sign in"}
    visitor["see"] = expected_of_practice(state, "see", "visitor")
    assert try_all(curators, PRACTICE_VERBS, attempt) == practice_table(state, PRACTICE_VERBS, **visitor)


PRACTICE_METHODS = dict.fromkeys(["edit", "revise"], "patch")
PRACTICE_METHODS |= dict.fromkeys(["remove", "uncite", "put-back"], "delete")


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_who_may_do_what_to_a_practice_through_the_api(state, curators, other, program):
    practice = practice_in(state, curators, other)
    address, claim = f"/api/v1/practices/{practice.slug}/", practice.claims().get()
    tags = {person: tag_of(program(person), address) for person in curators.values()}
    words = PRACTICE_WORDS | {
        "cite": citation(other) | {"experience": other.public_id},
        "edit": {"title": "Another title"},
        "revise": {"text": "Announce it twice."},
        "move": {"places": 1},
        "gather": {"experiences": [other.public_id]},
    }
    places = {
        "edit": address,
        "cite": f"/api/v1/claims/{claim.pk}/evidence/",
        "uncite": f"/api/v1/evidence/{claim.evidence.get().pk}/",
        "revise": f"/api/v1/claims/{claim.pk}/",
        "move": f"/api/v1/claims/{claim.pk}/move/",
        "remove": f"/api/v1/claims/{claim.pk}/",
        "gather": f"{address}material/",
        "put-back": f"{address}material/{other.public_id}/",
        "try": f"{address}trials/",
        "comment": f"{address}comments/",
        "settle": f"{address}comments/{practice.comments.get().pk}/settle/",
    }

    def attempt(person, verb):
        client = program(person)
        if verb == "see":
            return answer_of(client.get(address))
        send = getattr(client, PRACTICE_METHODS.get(verb, "post"))
        match = {"If-Match": tags[person]}
        return answer_of(send(places.get(verb, f"{address}{verb}/"), words.get(verb), headers=match))

    visitor = {verb: "sign in" for verb in PRACTICE_VERBS if verb != "see"}
    expected = practice_table(state, PRACTICE_VERBS, **visitor)
    for verb in CLAIM_ACTS:
        expected[verb]["ben"] = "unseen"  # the claims of a working copy have addresses of their own
    assert try_all(curators, PRACTICE_VERBS, attempt) == expected


# --- Terms of the closed lists: mona moderates --------------------------------------------------------

TERM_STATES = ("in use", "retired")
TERM_VERBS = {
    # verb: (who, in which states)
    "edit": ("mona", "in use retired"),
    "merge": ("mona", "in use"),
    "split": ("mona", "in use"),
    "retire": ("mona", "in use"),
    "restore": ("mona", "retired"),
    "tag-again": ("mona", "retired"),
}
TERM, HEIRS = "moving-platform", ("chasing-numbers", "personal-data")
WHY = {"note": "Two words for one thing."}
TERM_WORDS = {
    "edit": {"name_en": "Moving house"},
    "merge": WHY | {"into": HEIRS[0]},
    "split": WHY | {"heirs": list(HEIRS)},
    "retire": WHY | {"heirs": [HEIRS[0]]},
}


def term_in(state, people):
    term = Stake.objects.get(slug=TERM)
    if state == "retired":
        term.split(by=people["mona"], note="It was two things.", heirs=Stake.objects.filter(slug__in=HEIRS))
    return term


def term_table(state, **instead):
    """Return the table for one state; `instead` says what a visitor meets at this door."""
    table = {}
    for verb, (who, states) in TERM_VERBS.items():
        allowed_now = "done" if state in states else "state"
        table[verb] = {name: allowed_now if name in who.split() else "refused" for name in PEOPLE} | instead
    return table


def with_rows(words, value):
    """Return `words` with what `value` makes of each slug of an heir."""
    found = {stake.slug: value(stake) for stake in Stake.objects.filter(slug__in=HEIRS)}
    one = {"into": found[words["into"]]} if "into" in words else {}
    return words | one | ({"heirs": [found[slug] for slug in words["heirs"]]} if "heirs" in words else {})


@pytest.mark.parametrize("state", TERM_STATES)
def test_who_may_do_what_to_a_term(state, people):
    pk = term_in(state, people).pk

    def attempt(person, verb):
        term = Stake.objects.get(pk=pk)
        words = with_rows(TERM_WORDS.get(verb, {}), lambda stake: stake)
        if verb == "tag-again":
            return outcome_of(lambda: term.give_heirs(by=person, choices={}))
        return outcome_of(lambda: getattr(term, verb)(by=person, **words))

    assert try_all(people, TERM_VERBS, attempt) == term_table(state)


@pytest.mark.parametrize("state", TERM_STATES)
def test_who_may_do_what_on_a_term_s_page(state, people, session):
    term = term_in(state, people)

    def attempt(person, verb):
        if verb == "tag-again":
            return answer_of(session(person).post(f"{term.vocabulary_url}reports/"))
        words = with_rows(TERM_WORDS.get(verb, {}), lambda stake: stake.pk) | {"confirmed": "yes"}
        words |= {"name_fr": term.name_fr, "competency": term.competency_id} if verb == "edit" else {}
        return answer_of(session(person).post(f"{term.vocabulary_url}do/{verb}/", words))

    expected = term_table(state)
    if state == "in use":
        expected["tag-again"]["mona"] = "unseen"  # There is no such page of what is in use.
    assert try_all(people, TERM_VERBS, attempt) == expected


@pytest.mark.parametrize("state", TERM_STATES)
def test_who_may_do_what_to_a_term_through_the_api(state, people, program):
    address = f"/api/v1/stakes/{term_in(state, people).slug}/"

    def attempt(person, verb):
        client = program(person)
        match = {"If-Match": tag_of(client, address)}
        if verb == "edit":
            return answer_of(client.patch(address, TERM_WORDS[verb], headers=match))
        if verb == "tag-again":
            return answer_of(client.post(f"{address}reports/", {"choices": {}}, headers=match))
        return answer_of(client.post(f"{address}{verb}/", TERM_WORDS.get(verb, {}), headers=match))

    assert try_all(people, TERM_VERBS, attempt) == term_table(state, visitor="sign in")


@pytest.mark.parametrize("state", TERM_STATES)
def test_the_page_of_a_term_offers_what_may_be_done_and_nothing_else(state, people, session):
    term = term_in(state, people)
    make_report(people["ana"], people["carol"], stakes_=(TERM,))
    offers = {"vocabulary:reports": "tag-again", "vocabulary:term": "see"}
    for name, person in people.items():
        pages = [term.vocabulary_url, f"{term.vocabulary_url}reports/"]
        found = offered(session(person), pages, offers, address=term.address) - {"see"}
        assert found == allowed(term_table(state), name), name


# --- What pages offer ------------------------------------------------------------------------------

# Where a form or link leads → the verb it offers; a transition is named for its own.
REPORT_OFFERS = {"experiences:edit": "edit", "practices:use": "use"}
PRACTICE_OFFERS = {
    "practices:edit": "edit",
    "practices:workbench": "edit",  # its form adds a claim
    "practices:add_claim": "edit",
    "practices:uncite": "edit",
    "practices:cite": "cite",
    "practices:attach": "cite",
    "practices:add_material": "gather",
    "practices:remove_material": "gather",
    "practices:try_out": "try",
    "practices:withhold": "withhold",
    "practices:comment": "comment",
    "practices:settle": "settle",
    "practices:translate": "translate",
    **dict.fromkeys(["up", "down", "remove", "revise"], "edit"),  # what is done to one claim
}
OFFERED_AS_ANOTHER = {"uncite", "revise", "move", "remove", "put-back"}  # of those above
# Where links lead to what is read; the forms found there say what is offered.
READ = {
    "experiences:detail", "experiences:history", "practices:detail", "practices:workbench",
    "practices:material", "practices:compare", "practices:version", "practices:nearest",
    "practices:markdown", "practices:bibtex", "practices:data", "api-practice-detail",
    "api-experience-detail",
}  # fmt: skip
# Forms about no one row: for whoever is shown the page.
FOR_ALL = {"set_language", "accounts:theme"}
FOR_CURATORS = {"practices:begin", "practices:dismiss", "practices:take_back", "practices:new"}


class Offers(HTMLParser):
    """Where the forms of a page go, each with what its buttons do, and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.at, self.form, self.found = page.wsgi_request.path, None, set()
        self.feed(page.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and attrs.get("method") == "post":
            self.form = attrs.get("action") or self.at
            self.found.add(("form", self.form, ""))
        elif tag == "button" and self.form and attrs.get("type") != "button":
            action = attrs.get("formaction", "")
            do = attrs.get("value", "") if attrs.get("name") == "do" else ""
            self.found.add(("form", action if action.startswith("/") else self.form, do))
        elif tag == "a" and attrs.get("href", "").startswith("/"):
            self.found.add(("link", attrs["href"], ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def offered(client, addresses, offers, **about):
    """Return the verbs about one row, whose address has `about` in it, that its pages offer."""
    verbs = set()
    for page in map(client.get, addresses):
        if page.status_code != 200:
            continue
        for kind, action, do in Offers(page).found:
            try:
                place = resolve(urlsplit(action).path)
            except Resolver404:
                assert kind == "link", action
                continue
            ours = about.items() <= place.kwargs.items()
            same_report = place.kwargs.get("public_id") == about.get("public_id")
            if same_report and ("question_id" in place.kwargs) != ("question_id" in about):
                continue  # A question is a row of its own.
            if kind == "link" and (not ours or place.view_name in READ):
                continue
            if not ours:
                curates = page.wsgi_request.user.has_perm("practices.curate_practice")
                known = FOR_ALL | (FOR_CURATORS if curates else set())
                assert place.view_name in known, f"{page.wsgi_request.path} offers {action}: to whom?"
                continue
            verb = offers.get(place.view_name) or place.kwargs["verb"]
            verbs.add("submit" if do == "send" else offers.get(verb, verb))
    return verbs


def allowed(table, name):
    return {verb for verb, people in table.items() if people[name] == "done"} - {"see"}


# What may be done, and no page offers: (verb, person or None for all, states in which it is offered).
REPORT_NOT_OFFERED = {
    "link": (None, "published"),  # Only what is published is counted, and so need not count twice.
}
PRACTICE_NOT_OFFERED = {
    "lower": (None, "published"),  # While the evidence is being changed, the grade follows from that.
}


def to_offer(table, name, state, not_offered):
    """Return the verbs that pages offer to one person: all they may do, but for those explained above."""
    hidden = {
        verb
        for verb, (person, states) in not_offered.items()
        if person in (None, name) and state not in states.split()
    }
    return allowed(table, name) - hidden


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_pages_offer_of_a_report_what_each_person_may_do_and_nothing_else(state, people, other, session):
    report = report_in(state, people)
    about = report.get_absolute_url()
    addresses = [
        about, f"{about}edit/", f"{about}history/", "/experiences/mine/", "/practices/desk/",
        f"/practices/use/{report.public_id}/", f"/practices/near/{report.public_id}/",
    ]  # fmt: skip
    table = report_table(state, REPORT_VERBS)
    use = {"use"} if state == "published" else set()  # it is no verb of the report, but of the curators
    for name, person in people.items():
        found = offered(session(person), addresses, REPORT_OFFERS, public_id=report.public_id)
        expected = to_offer(table, name, state, REPORT_NOT_OFFERED)
        assert found == expected | (use if name in ("carol", "mona") else set()), name


@pytest.mark.parametrize("answered", [False, True])
def test_pages_offer_of_a_question_what_each_person_may_do_and_nothing_else(answered, people, session):
    report = report_in("published", people)
    question = report.ask(by=people["ben"], text="Who ran both?")
    if answered:
        question.answer(by=people["ana"], text="Two of us.")
    about = report.get_absolute_url()
    ours = {"public_id": report.public_id, "question_id": question.public_id}
    words = {"text": "Two of us did.", "note": "It names someone."}

    def attempt(person, verb):
        return answer_of(session(person).post(f"{about}questions/{question.public_id}/{verb}/", words))

    verbs = ("answer", "take-back", "remove")
    table = try_all(people, verbs, attempt)
    assert table["answer"]["ana"] == table["remove"]["mona"] == "done"
    assert table["take-back"]["ben"] == ("state" if answered else "done")
    for name, person in people.items():
        found = offered(session(person), [about, "/experiences/mine/"], {}, **ours)
        assert found == allowed(table, name), name


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_pages_offer_of_a_practice_what_each_person_may_do_and_nothing_else(state, curators, other, session):
    practice = practice_in(state, curators, other)
    about = practice.get_absolute_url()
    places = ["", "edit/", "workbench/", "material/", "material/?q=forum", "translate/", "try/", "v/1/"]
    addresses = [f"{about}{place}" for place in places]
    addresses.append(f"{about}claims/{practice.claims().get().pk}/cite/")
    addresses += ["/practices/desk/", f"/practices/use/{other.public_id}/"]
    table = practice_table(state, PRACTICE_VERBS.keys() - OFFERED_AS_ANOTHER)
    for name, person in curators.items():
        found = offered(session(person), addresses, PRACTICE_OFFERS, slug=practice.slug)
        assert found == to_offer(table, name, state, PRACTICE_NOT_OFFERED), name


def test_only_who_curates_is_offered_to_begin_from_a_cluster_or_to_set_it_aside(curators, session):
    cluster = make_cluster(curators["ben"], curators["carol"])
    make_report(curators["ben"], curators["carol"])
    addresses = ["/practices/desk/", "/practices/clusters/?stake=moving-platform", cluster.get_absolute_url()]
    for name, person in curators.items():
        pages = [page for page in map(session(person).get, addresses) if page.status_code == 200]
        found = {
            resolve(action).view_name
            for page in pages
            for kind, action, _do in Offers(page).found
            if kind == "form"
        }
        curates = name in CURATORS.split()
        assert found - FOR_ALL == ({"practices:begin", "practices:dismiss"} if curates else set()), name
        for verb in ("begin", "dismiss"):
            answer = session(person).post(f"/practices/clusters/{verb}/")
            assert (answer.status_code == 403) is not curates, (name, verb)
