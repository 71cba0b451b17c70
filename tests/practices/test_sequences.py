"""Whatever curators and authors do, in whatever order: the rules of a practice hold after every step.

Stories are drawn at random, others in each run, from all that can be tried through the verbs. What
must be true is told by means of the test's own: it keeps its own account of who edited what, of what
was frozen, and of who speaks.
"""

from collections import Counter
from io import StringIO
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction

from experiences.models import Experience
from practices.models import Claim, Evidence, Practice, PracticeVersion
from tests.conftest import PROFILE, how_to_repeat, make_person, seed
from tests.factories import make_practice, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.long]

STORIES, STEPS = {"local": 1, "ci": 4, "whole": 40}[PROFILE], 40
MOST = 100  # Stories, where too little was done: the rarest act is done in one of eight.
CURATORS, BUSY = ("carol", "chris", "dora"), (6, 3, 1)  # Some edit less: someone is left to publish.
# Seven reports of five voices: two of one organisation, two of one author.
TOLD = (
    ("ana", "Acme"),
    ("ben", "Acme"),
    ("eve", ""),
    ("eve", ""),
    ("fay", "Globex"),
    ("gus", ""),
    ("hal", ""),
)


@pytest.fixture
def world(db):
    """Return {name: person} and the published reports, made once for all stories."""
    people = {name: make_person(name, "Curators") for name in CURATORS}
    people |= {name: make_person(name) for name in dict.fromkeys(name for name, _organisation in TOLD)}
    reports = [
        make_report(people[name], people["carol"], organisation=organisation, measured=True)
        for name, organisation in TOLD
    ]
    return people, reports


def voices(reports):
    """Count the independent voices of `reports`, as the rule is written."""
    return len({report.organisation or report.author_id for report in reports})


def said_by(version):
    """Return all that a version says: what must never change."""
    columns = (*version.WRITABLE, "stake_slugs", "grade", "number", "changes", "follows_version_id")
    claims = [
        (claim.kind, claim.text, claim.opinion, [(row.report_id, row.bearing, row.excerpt, row.note)
         for row in claim.evidence.all()])
        for claim in version.claims.prefetch_related("evidence")
    ]  # fmt: skip
    return [getattr(version, name) for name in columns], claims


class Story:
    """One practice, and its translation once begun, in the hands of three curators and of authors."""

    # act: how often, beside the others
    ACTS = {
        "write": 2, "claim": 2, "reword": 4, "drop": 2, "cite": 7, "uncite": 1, "submit": 1, "give_back": 1,
        "publish": 6, "reopen": 7, "lower": 1, "comment": 1, "translate": 2, "follow": 4,
        "try_out": 2, "reword_report": 2, "withdraw": 1, "retire": 0.6,
    }  # fmt: skip

    def __init__(self, seed, people, reports):
        self.draw, self.people, self.reports = Random(seed), people, reports
        first = make_practice(people["carol"], reports=reports[:4])
        self.editors = {first.pk: {"carol"}}  # of each practice, since its last version
        self.frozen = {}
        self.outcomes = Counter()

    def tell(self):
        for _step in range(STEPS):
            self.act = self.draw.choices([*self.ACTS], [*self.ACTS.values()])[0]
            self.practice = Practice.objects.get(pk=self.draw.choice([*self.editors]))
            self.who = self.draw.choices(CURATORS, BUSY)[0]
            self.by = self.people[self.who]
            getattr(self, self.act)()
            self.check()

    def attempt(self, verb, edits=False):
        """Try a verb: refused or done, the rules must hold. Return what it gave, or None."""
        try:
            with transaction.atomic():
                given = verb()
        except (PermissionDenied, ValidationError):
            self.outcomes[self.act, "refused"] += 1
            return None
        self.outcomes[self.act, "done"] += 1
        if edits:
            self.editors[self.practice.pk].add(self.who)
        return given or True

    # --- What is tried ---------------------------------------------------------------------------

    def some_claim(self):
        """Return a claim of the working copy, or now and then of a version."""
        working = self.draw.random() < 0.8
        claims = list(self.practice.all_claims.filter(version__isnull=working).order_by("pk"))
        return self.draw.choice(claims) if claims else None

    def write(self):
        self.practice.summary = self.draw.choice(["Move.", "Move in steps."])
        self.practice.grade = Practice.Grade.G4  # By hand, in passing.
        self.attempt(lambda: self.practice.write(by=self.by), edits=True)

    def claim(self):
        words = {"kind": "do-this", "text": "Announce it.", "opinion": self.draw.random() < 0.5}
        self.attempt(lambda: self.practice.add_claim(by=self.by, **words), edits=True)

    def reword(self):
        words = {"text": f"Announce it {self.draw.random()} times.", "opinion": self.draw.random() < 0.3}
        claim = self.some_claim()
        if claim:
            self.attempt(lambda: claim.revise(by=self.by, **words), edits=True)

    def drop(self):
        claim = self.some_claim()
        if claim:
            self.attempt(lambda: claim.remove(by=self.by), edits=True)

    def cite(self):
        claim, report = self.some_claim(), self.draw.choice(self.reports)
        bearing = self.draw.choice(["supports", "supports", *Evidence.Bearing.values])
        words = {"bearing": bearing, "excerpt": report.lessons[: self.draw.randint(20, 30)]}
        if claim:
            self.attempt(lambda: claim.cite(report, by=self.by, **words), edits=True)

    def uncite(self):
        rows = list(Evidence.objects.filter(claim__practice=self.practice).order_by("pk"))
        if rows:
            row = self.draw.choice(rows)
            row.claim.practice = self.practice
            self.attempt(lambda: row.remove(by=self.by), edits=True)

    def submit(self):
        self.attempt(lambda: self.practice.submit(by=self.by))

    def give_back(self):
        self.attempt(lambda: self.practice.return_to_curators(by=self.by, note="Why?"))

    def publish(self):
        """Submit first, mostly; then let each curator try to publish."""
        if self.draw.random() < 0.8:
            self.submit()
        for who in self.draw.sample(CURATORS, 3):
            if self.publish_as(who) or self.draw.random() < 0.3:
                break

    def publish_as(self, who):
        practice = Practice.objects.get(pk=self.practice.pk)
        edited = set(self.editors[practice.pk])
        if not self.attempt(lambda: practice.publish(by=self.people[who])):
            return False
        version = PracticeVersion.objects.get(pk=practice.current_id)
        assert who not in edited, "one person did both steps"
        for claim in version.claims.all():
            assert claim.opinion or claim.standing(), "an unsourced claim was published"
        self.editors[practice.pk] = set()
        self.frozen[version.pk] = said_by(version)
        return True

    def reopen(self):
        self.attempt(lambda: self.practice.reopen(by=self.by))

    def lower(self):
        reason = self.draw.choice(["", "Told second hand."])
        self.attempt(lambda: self.practice.lower_grade(by=self.by, reason=reason))

    def comment(self):
        self.attempt(lambda: self.practice.comment(by=self.by, text="Is it so?"))

    def translate(self):
        made = self.attempt(lambda: self.practice.translate(by=self.by, title="Faites ainsi"))
        if made:
            self.editors[made.pk] = {self.who}

    def follow(self):
        versions = list(PracticeVersion.objects.order_by("pk"))
        if versions:
            version = self.draw.choice(versions)
            self.attempt(lambda: self.practice.follow(version, by=self.by), edits=True)

    def try_out(self):
        by, verdict = self.people[self.draw.choice(TOLD)[0]], self.draw.choice(["worked", "backfired"])
        self.attempt(lambda: self.practice.try_out(by=by, verdict=verdict, line="We did."))

    def reword_report(self):
        """An author takes the quoted words out of a report, or puts them back."""
        known = self.draw.choice(self.reports)
        report = Experience.objects.get(pk=known.pk)
        report.lessons = self.draw.choice(["Nothing to add.", known.lessons, known.lessons])
        self.attempt(lambda: report.write(by=report.author))

    def withdraw(self):
        report = Experience.objects.get(pk=self.draw.choice(self.reports).pk)
        self.attempt(lambda: report.withdraw(by=report.author, note="I was wrong."))

    def retire(self):
        self.attempt(lambda: self.practice.retire(by=self.by, note="Overtaken."))

    # --- What must be true -----------------------------------------------------------------------

    def check(self):
        for version in PracticeVersion.objects.filter(practice=self.practice):
            assert said_by(version) == self.frozen[version.pk], "a frozen version changed"
        by_author = self.act in ("reword_report", "withdraw")
        for practice in Practice.objects.filter(pk__in=self.editors if by_author else [self.practice.pk]):
            assessment = practice.assess()
            lowered = bool(practice.lowered_reason)
            assert practice.grade == max(0, assessment.code - lowered), "a grade was set by hand"
            trials = min(2, practice.trials.count()) / 2
            assert assessment.support <= self.voices_for(practice) + trials, "a voice was counted twice"

    def voices_for(self, practice):
        claims = Claim.objects.filter(practice=practice, version=practice.current)
        rows = Evidence.objects.filter(claim__in=claims, stale=False, report__status="published")
        speaking = rows.exclude(bearing="illuminates").select_related("report")
        return voices([row.report for row in speaking])


def test_no_sequence_of_verbs_breaks_the_rules_of_a_practice(world):
    outcomes, told = Counter(), 0
    # More than asked where need be, so that nothing holds because nothing was done.
    while told < STORIES or (too_little(outcomes) and told < MOST):
        with transaction.atomic():
            story = Story(f"{seed()} {told}", *world)
            try:
                story.tell()
                assert derived_wrong() == ""
            except AssertionError as broken:
                raise AssertionError(f"story {told}, at {story.act}: {broken}; {how_to_repeat()}") from broken
            transaction.set_rollback(True)
        outcomes += story.outcomes
        told += 1
    assert not too_little(outcomes)


def derived_wrong():
    """Return what `check_index` finds: nothing, if all that is derived is as it should be."""
    out = StringIO()
    try:
        call_command("check_index", stdout=out)
    except SystemExit:
        return out.getvalue()
    return ""


def too_little(outcomes):
    """Return the acts that were done too rarely."""
    least = dict.fromkeys(Story.ACTS, 1) | {"publish": 20}
    return [act for act, number in least.items() if outcomes[act, "done"] < number]
