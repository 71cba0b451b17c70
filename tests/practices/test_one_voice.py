"""One person is one voice, by whatever door they try to be counted twice.

Stories are drawn, others in each run: people of a few organisations tell the same thing again under a second
account, another spelling of their organisation, the other language, without their name, as a trial, in a
follow-up, of one event or by an import. The test keeps its own account of who they are.
"""

import json
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction

from experiences.models import Experience
from practices.grading.voices import withheld_weight
from practices.models import Practice, SameOrganisation
from tests.conftest import PROFILE, how_to_repeat, make_person, seed
from tests.factories import WHERE, make_practice, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.long]

STORIES, ACTS = {"local": 1, "ci": 2, "whole": 8}[PROFILE], 14
MOST = 60  # stories, where an act was never done
SPELLINGS = {
    "acme": ["Acme", "ACME", "Acme, Inc.", "Acmé SARL"],
    "globex": ["Globex", "globex ltd", "GLOBEX S.A."],
    "initech": ["Initech", "Initech GmbH", "In\u00aditech"],
}
BEARINGS = ["supports", "supports", "nuances", "contradicts", "illuminates"]
EXCERPT = "Announce the end date early"


@pytest.fixture
def scene(db):
    """Return {name: person}: two curators, and two accounts for each organisation."""
    people = {name: make_person(name, "Curators") for name in ("carol", "chris")}
    for organisation in SPELLINGS:
        for number in (1, 2):
            name = f"{organisation}{number}"
            people[name] = make_person(name, organisation=organisation)
            make_report(people[name], people["carol"], organisation=organisation, title=f"First of {name}")
    return people


class Story:
    """One practice and its translation, and those who would speak for it more than once."""

    def __init__(self, draw, people, folder):
        self.draw, self.people, self.folder = draw, people, folder
        self.truth = {}  # {report pk: organisation}
        self.imported = 0
        self.practice = make_practice(people["carol"])
        self.practice.submit(by=people["carol"]).publish(by=people["chris"])

    def someone(self):
        organisation = self.draw.choice(list(SPELLINGS))
        return organisation, self.people[f"{organisation}{self.draw.choice([1, 2])}"]

    def spelled(self, organisation):
        return self.draw.choice(SPELLINGS[organisation])

    def tell(self, **overrides):
        organisation, person = self.someone()
        told = {"identity": self.draw.choice(["named", "named", "withheld"])} | overrides
        report = make_report(
            person, self.people["carol"], organisation=self.spelled(organisation), verdict="worked", **told
        )
        self.truth[report.pk] = organisation
        return self.cite([report])

    def tell_in_french(self):
        return self.tell(language="fr", title="Deux langues")

    def bring(self):
        """Import what was told already, under another identifier."""
        organisation, person = self.someone()
        self.imported += 1
        row = {
            "title": f"Brought {self.imported}", "situation": "A list.", "action": "We moved.",
            "result": "They came.", "lessons": f"{EXCERPT}.", "verdict": "worked", "language": "en",
            "stakes": ["moving-platform"], "identity": "named", "organisation": self.spelled(organisation),
            "contexts": WHERE,
            "source_id": f"elsewhere-{self.imported}",
        }  # fmt: skip
        file = self.folder / f"{self.imported}.jsonl"
        file.write_text(json.dumps(row))
        call_command("import_experiences", str(file), author=person.email, publish=True, verbosity=0)
        report = Experience.objects.get(title=row["title"])
        self.truth[report.pk] = organisation
        return self.cite([report])

    def follow_up(self):
        report = self.any_report()
        report.follow_up(by=report.author, verdict="worked", text="It still holds.")

    def try_out(self):
        _organisation, person = self.someone()
        identity = self.draw.choice(["named", "withheld"])
        self.practice.try_out(by=person, verdict="worked", line="It held for us.", identity=identity)

    def link(self):
        self.any_report().tells_same_event_as(self.any_report(), by=self.people["carol"])

    def say_one(self):
        """Two organisations are one, as a curator says: what was two voices is one."""
        one, other = self.draw.sample(list(SPELLINGS), 2)
        SameOrganisation.objects.say(self.spelled(one), self.spelled(other), by=self.people["carol"])
        self.truth = {pk: one if name == other else name for pk, name in self.truth.items()}

    def translate(self):
        self.practice.translate(by=self.people["carol"], title="Les deux à la fois", language="fr")

    def any_report(self):
        return Experience.objects.get(pk=self.draw.choice(list(self.truth)))

    def cite(self, reports):
        practice = Practice.objects.get(pk=self.practice.pk).reopen(by=self.people["carol"])
        claim = practice.claims().first()
        claim.practice = practice
        for report in reports:
            claim.cite(report, by=self.people["carol"], bearing=self.draw.choice(BEARINGS), excerpt=EXCERPT)
        practice.submit(by=self.people["carol"]).publish(by=self.people["chris"])

    def check(self):
        """Compare what counts with who there is; a withheld report and a trial have their own ceilings."""
        for practice in Practice.objects.all():
            assessment = practice.assess(working=practice.current_id is None)
            cited = Experience.objects.filter(evidence__claim__practice=practice).distinct()
            signed = {self.truth[report.pk] for report in cited if not report.is_withheld}
            withheld = sum(report.is_withheld for report in cited)
            most = len(signed) + withheld_weight(withheld) + min(2, practice.trials.count()) / 2
            assert assessment.support <= most, f"{assessment.support} speak for it, and they are {most}"
            assert assessment.contradictions <= most
            assert assessment.attributed <= len(signed) + bool(withheld)


ACTS_DRAWN = (
    "tell", "tell", "tell", "tell_in_french", "bring", "follow_up", "try_out", "try_out", "link", "say_one",
    "translate",
)  # fmt: skip


def test_nobody_is_counted_twice_by_any_door(scene, tmp_path):
    done, number = set(), 0
    wanted = set(ACTS_DRAWN) if PROFILE != "local" else {"tell"}
    # More than asked where need be, so that nothing holds because nothing was done.
    while number < STORIES or (wanted - done and number < MOST):
        draw = Random(f"{seed()} voices {number}")
        with transaction.atomic():
            story = Story(draw, scene, tmp_path)
            story.tell()
            for _act in range(ACTS):
                name = draw.choice(ACTS_DRAWN)
                try:
                    with transaction.atomic():
                        getattr(story, name)()
                    done.add(name)
                except (PermissionDenied, ValidationError):
                    pass  # Refused: one trial a member, one translation a language, one event already.
                story.practice.refresh_from_db()
                try:
                    story.check()
                except AssertionError as broken:
                    raise AssertionError(
                        f"story {number}, at {name}: {broken}; {how_to_repeat()}"
                    ) from broken
            transaction.set_rollback(True)
        for file in tmp_path.iterdir():
            file.unlink()
        number += 1
    assert wanted <= done
