"""Whoever wrote what withholds a name, all others get the same, byte for byte, by as many queries.

RELIABILITY.md, rule 21. A story is drawn: what authors, curators, moderators and readers do with reports and
trials that withhold their authors' names. It is told twice, those authors drawn anew among members of the
same standing, and all that anyone but they can get is compared: pages, API, feeds, files, mails, what a verb
answers, and how often the database was asked.
"""

import random
import re
import secrets
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from config import views
from experiences.list_index import held
from experiences.models import Experience, Flag, Stake
from experiences.text_index.index import INDEXES
from practices.models import Practice, SameOrganisation, Trial
from tests.conftest import PROFILE, how_to_repeat, make_person, seed
from tests.database import Delivered
from tests.factories import make_draft, make_practice, make_report
from tests.test_identity_leaks import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PARTS = 4  # so that several processes share the work
STORIES = {"local": 1, "ci": 2, "whole": 13}[PROFILE]  # in each part, on each database
STEPS, LOOKS = 10, 7
MOST = 80  # stories, where an act was never done
POOL = {"ana": "Acme", "bea": "Acme, Inc.", "cid": "Globex", "dan": "Globex", "eva": "Initech"}
SITTING = "Announce the end date early"
TOKENS = re.compile(r"(?<![\w-])[0-9]{32,64}(?![\w-])")
TIMES = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?")


@pytest.fixture
def scene(db, monkeypatch, browse):
    """Return {name: person}: five members with a signed report each, a reader, two curators, a moderator."""
    people = {name: make_person(name, organisation=organisation) for name, organisation in POOL.items()}
    people |= {"ben": make_person("ben"), "mona": make_person("mona", "Moderators")}
    people |= {name: make_person(name, "Curators") for name in ("carol", "chris")}
    for person in people.values():
        person.notices = "all"
        person.save()
    for name, organisation in POOL.items():
        make_report(people[name], people["carol"], organisation=organisation, identity="named", title=name)
    make_report(people["ben"], people["carol"], identity="named", title="Ben’s")
    ContentType.objects.get_for_models(*apps.get_models())
    for address in ("/practices/desk/", "/api/v1/schema/", "/api/v1/docs/"):
        browse(people["carol"]).get(address)  # What a process asks once, it has asked.
    return people


class Story:
    """What happens, drawn from `key`, from `first` on; `cast` draws who wrote what withholds a name."""

    def __init__(self, key, cast, people, first):
        self.key, self.people, self.first = key, people, first
        self.draw = random.Random(f"{key} story")
        authors = random.Random(f"{key} {cast}")
        self.authors = [people[authors.choice(list(POOL))] for _report in range(3)]
        # One trial a member and practice: so many members, in an order drawn.
        self.triers = [people[name] for name in authors.sample(list(POOL), 2)]
        self.steps, self.answers = 0, []

    def tell(self):
        """Do all of it; return what the acts answered."""
        self.step("withheld reports", self.write_reports)
        self.step("practice", self.found_practice)
        # Who is read first is standing: after it is taken away, nobody sends another report.
        either = {"do_send_another", "do_withdraw_trust"}
        kept = self.first if self.first in either else self.draw.choice(sorted(either))
        acts = sorted(ACTS - either | {kept})
        for name in [self.first, *self.draw.choices(acts, k=STEPS - 1)]:
            self.step(name, getattr(self, name))
        return self.answers

    def step(self, name, act):
        """Do one act, with chance and the ways it draws the same in both tellings; note what came of it."""
        self.steps += 1
        seed_chance(f"{self.key} {self.steps}")
        try:
            with transaction.atomic():
                said = act()
        except ValidationError as refusal:
            said = refusal.messages
        except PermissionDenied:
            said = "denied"
        self.answers.append((name, said))

    # --- Beginning ---------------------------------------------------------------------------------

    def write_reports(self):
        self.reports = [
            make_report(author, self.people["carol"], identity="withheld", title=f"Withheld {number}",
                        organisation=author.organisation).public_id
            for number, author in enumerate(self.authors)
        ]  # fmt: skip

    def found_practice(self):
        signed = Experience.objects.filter(title__in=POOL).order_by("pk")
        practice = make_practice(self.people["carol"], reports=self.draw.sample(list(signed), 2))
        self.practice = practice.pk
        self.cite(practice, 2)
        practice.submit(by=self.people["carol"]).publish(by=self.people["chris"])

    def cite(self, practice, number):
        claim = practice.claims().first()
        for public_id in self.draw.sample(self.reports, number):
            bearing = self.draw.choice(["supports", "supports", "nuances", "contradicts"])
            report = Experience.objects.get(public_id=public_id)
            claim.practice = practice
            claim.cite(report, by=self.people["carol"], bearing=bearing, excerpt=SITTING)

    # --- What is at hand -----------------------------------------------------------------------------

    def report(self):
        """Return (number, report): one that withholds its author's name."""
        number = self.draw.randrange(len(self.reports))
        return number, Experience.objects.get(public_id=self.reports[number])

    def read(self):
        return Practice.objects.get(pk=self.practice)

    def trial(self, **columns):
        """Return the first trial with these columns, or a new one where there is none."""
        trial = Trial.objects.filter(practice=self.practice, **columns).first()
        return trial or self.read().try_out(by=self.triers[0], verdict="worked", line="Trial 0.")

    # --- Of authors ----------------------------------------------------------------------------------

    def do_edit(self):
        number, report = self.report()
        report.lessons = self.draw.choice([f"{SITTING}, and say why.", "Nothing of the kind."])
        return report.write(by=self.authors[number]).status

    def do_follow_up(self):
        number, report = self.report()
        verdict = self.draw.choice(["worked", "no-effect"])
        report.follow_up(by=self.authors[number], verdict=verdict, text="A year later.")

    def do_withdraw(self):
        number, report = self.report()
        return report.withdraw(by=self.authors[number], note="Not any more.").status

    def do_answer(self):
        number, report = self.report()
        question = report.questions.first() or report.ask(by=self.people["ben"], text="How long?")
        return question.answer(by=self.authors[number], text="As the page says.").reply

    def do_leave(self):
        number, report = self.report()
        return report.leave_without_name(by=self.authors[number]).status

    def do_try_out(self):
        trier = self.draw.choice([0, 1])
        verdict = self.draw.choice(["worked", "no-effect", "backfired"])
        practice = self.read()
        trial = practice.try_out(by=self.triers[trier], verdict=verdict, line=f"Trial {trier}.")
        return trial.verdict

    def do_grow(self):
        trial = self.trial(line__startswith="Trial", report=None)
        return trial.by and trial.grow(by=trial.by, language="en").title

    def do_send_another(self):
        number = self.draw.randrange(len(self.authors))
        title = f"Another {self.steps}"
        draft = make_draft(self.authors[number], identity="withheld", title=title)
        return draft.submit(by=self.authors[number]).status

    # --- Of readers, curators and moderators -----------------------------------------------------------

    def do_ask(self):
        return self.report()[1].ask(by=self.people["ben"], text=f"How long, {self.steps}?").part

    def do_flag(self):
        return self.report()[1].flag(by=self.people["ben"], reason="abuse").status

    def do_decide(self):
        flagged = Experience.objects.filter(flags__in=Flag.objects.open()).order_by("title")
        report = flagged.first()
        if report is None:
            report = self.report()[1]
            report.flag(by=self.people["ben"], reason="abuse")
        verb = self.draw.choice([report.restore, report.keep])
        return verb(by=self.people["mona"], note="Looked at.").status

    def do_withhold(self):
        return str(
            self.report()[1].withhold_words(by=self.people["mona"], words="human contact", note="Tells who.")
        )

    def do_take_down(self):
        return self.report()[1].withdraw(by=self.people["mona"], note="Asked for.").status

    def do_withdraw_trust(self):
        return self.report()[1].withdraw_trust(by=self.people["mona"], note="It names a client.").status

    def do_link(self):
        other = self.draw.choice(list(Experience.objects.filter(title__in=POOL).order_by("pk")))
        event = self.report()[1].tells_same_event_as(other, by=self.people["carol"])
        return event.reports.count()

    def do_set_stakes(self):
        stakes = list(Stake.objects.filter(slug=self.draw.choice(["lurkers-and-voices", "chasing-numbers"])))
        return self.report()[1].set_stakes(by=self.people["carol"], stakes=stakes).status

    def do_next_version(self):
        practice = self.read().reopen(by=self.people["carol"])
        self.cite(practice, self.draw.randint(1, 3))
        practice.submit(by=self.people["carol"]).publish(by=self.people["chris"])
        return practice.grade, practice.assessment_data

    def do_lower(self):
        return self.read().lower_grade(by=self.people["carol"], reason="Told second hand.").grade

    def do_flag_trial(self):
        return self.trial(moderation="shown").flag(by=self.people["ben"], reason="abuse").moderation

    def do_decide_on_trial(self):
        trial = self.trial()
        verb = self.draw.choice([trial.allow, trial.hide, trial.remove])
        return verb(by=self.people["mona"], note="Looked at.").moderation

    def do_decide_on_practice(self):
        practice = self.read()
        verb = self.draw.choice([practice.hide, practice.remove]) if practice.is_shown else practice.allow
        return verb(by=self.people["mona"], note="Looked at.").moderation

    def do_remove_claim(self):
        claim = self.read().claims().first()
        verb = claim.let_stand if claim.is_removed else claim.take_down
        return verb(by=self.people["mona"], note="Looked at.").is_removed

    def do_withhold_in_practice(self):
        words = self.draw.choice(["Trial 0", "Trial 1", "both places"])
        return str(self.read().withhold_words(by=self.people["mona"], words=words, note="Tells who."))

    def do_same_organisation(self):
        names = self.draw.sample(list(POOL.values()), 2)
        return str(SameOrganisation.objects.say(*names, by=self.people["carol"]))


ACTS = {name for name in dir(Story) if name.startswith("do_")}


def seed_chance(key):
    """Let all that is random be drawn from `key` from here on."""
    chance = random.Random(key)
    secrets.choice, secrets.randbits = chance.choice, chance.getrandbits
    secrets.token_hex = lambda size=32: f"{chance.getrandbits(8 * size):0{2 * size}x}"


def highest_key():
    """Return a key above all that were given: PostgreSQL does not take back those of what is undone."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_value) FROM pg_sequences")
        return cursor.fetchone()[0] + 1


def begin_keys_at(number):
    """Let the keys of new rows be the same in both tellings; None where the database does so by itself."""
    if number:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(seqrelid::regclass, %s) FROM pg_sequence", [number])


def everything(story, browse):
    """Yield (what, who, bytes, number of queries) of what others than the authors can get."""
    people = {name: story.people.get(name) for name in ("visitor", "ben", "carol", "mona")}
    practice = story.read()
    reports = list(Experience.objects.filter(public_id__in=story.reports).order_by("title"))
    known = [address for report in reports for address in addresses(report, practice)]
    always = [
        ("visitor", practice.get_absolute_url()), ("visitor", f"/api/v1/practices/{practice.slug}/"),
        ("visitor", "/experiences/"), ("ben", "/"), ("carol", "/practices/desk/"),
        ("mona", reports[0].get_absolute_url()), ("mona", "/moderation/"),
    ]  # fmt: skip
    looks = [(story.draw.choice(list(people)), story.draw.choice(known)) for _look in range(LOOKS)]
    clients = {name: browse(person) for name, person in people.items()}
    for client in clients.values():
        client.get("/healthz")
    for number, (who, address) in enumerate([*always, *looks]):
        seed_chance(f"{story.key} look {number}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = clients[who].get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        yield address, who, response.status_code, plain(body.decode()), len(asked)
    kind, form = story.draw.choice(["experiences", "practices"]), story.draw.choice(["jsonl", "csv"])
    yield "file", "operator", plain(exported(kind, form))
    mails = OutgoingMail.objects.exclude(recipient__in=[story.people[name].email for name in POOL])
    yield "mails", "others", sorted(mails.values_list("recipient", "subject", "body"))


def plain(text):
    """Return a body without tokens and times of the day, which are others in each answer."""
    return TIMES.sub("time", TOKENS.sub("token", text))


def exported(kind, form):
    written = StringIO()
    call_command(f"export_{kind}", format=form, stdout=written)
    return written.getvalue()


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_gets_anything_that_depends_on_who_withheld_a_name(part, scene, browse, monkeypatch):
    for name in ("choice", "randbits", "token_hex"):
        monkeypatch.setattr(secrets, name, getattr(secrets, name))  # Put back in the end.
    # /readyz writes once in a while: here, each time.
    monkeypatch.setattr(views, "READY_SECONDS", 0)
    monkeypatch.setattr(views, "_ready_until", 0)
    done, number, first_key = set(), 0, highest_key()
    # An act that was not done yet begins each story. More than asked where need be, so that nothing holds
    # because nothing was done: the acts of all parts together are all there are.
    acts = sorted(ACTS)[part::PARTS]
    while number < STORIES or (PROFILE != "local" and not done >= set(acts) and number < MOST):
        key = f"{seed()} {part} {number}"
        left = sorted(set(acts) - done) or acts
        tellings, first = [], left[number % len(left)]
        for cast in ("one", "other"):
            Delivered.hold_lists()
            caches["pages"].clear()
            for one in (*held.LISTS.values(), *INDEXES.values()):
                one.forget()
            with transaction.atomic():
                begin_keys_at(first_key)
                story = Story(key, cast, scene, first)
                told = story.tell()
                seen = list(everything(story, browse))
                call_command("check_index", stdout=StringIO())
                transaction.set_rollback(True)
            tellings.append((told, seen))
            done |= {name for name, said in told if said != "denied" and not isinstance(said, list)}
        (told, seen), (told_too, seen_too) = tellings
        assert told == told_too, f"{key}: a verb answers otherwise; {how_to_repeat()}"
        for one, other in zip(seen, seen_too, strict=True):
            assert one == other, f"{key}: {one[0]} differs for {one[1]}; {how_to_repeat()}"
        number += 1
    assert {"withheld reports", "practice"} < done
    assert PROFILE == "local" or done >= set(acts), f"Never done: {set(acts) - done}"
