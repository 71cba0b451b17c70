"""Guess who wrote what withholds a name, with every tool the site gives a member, a curator and a moderator.

    python bench/guess_authors.py [--people 30] [--reports 300] [--seed 1]

On a SQLite file in a temporary folder. Each of the people has a signed report, and some that withhold the
name, all told in the same words, so that nothing in them gives anybody away. Each attack names an author
where it sees what differs between candidates, and otherwise guesses. Prints in how many it saw something, and
how many guesses were right, beside what chance gives; exits with 1 where an attack does better than chance
(once in a thousand times by chance itself).
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from io import StringIO
from math import comb
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
EXCERPT = "Announce the end date early"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/guess.sqlite3"
        os.environ.setdefault("SECRET_KEY", "guess")
        os.environ.setdefault("DEBUG", "1")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        sys.exit(0 if told(options, Site(options)) else 1)


class Site:
    """The people, their reports, and the tools of those who would know."""

    def __init__(self, options):
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        setup_test_environment()
        call_command("migrate", verbosity=0)
        call_command("load_vocabulary", stdout=StringIO())
        from tests.conftest import make_person
        from tests.factories import make_practice, make_report

        self.make_report, self.make_practice = make_report, make_practice
        self.chance = random.Random(options.seed)
        self.carol, self.chris = (make_person(name, "Curators") for name in ("carol", "chris"))
        self.mona, self.ben = make_person("mona", "Moderators"), make_person("ben")
        self.people = [
            make_person(
                f"p{number}", display_name=f"Person{number}", organisation=f"Organisation{number // 2}"
            )
            for number in range(options.people)
        ]
        for person in [*self.people, self.ben]:
            make_report(person, self.carol, organisation=person.organisation, identity="named")
        authors = [self.people[number % options.people] for number in range(options.reports)]
        self.chance.shuffle(authors)
        self.truth = {}
        for author in authors:
            report = make_report(author, self.carol, organisation=author.organisation, identity="withheld")
            self.truth[report.public_id] = author.pk
        self.signed = {person.pk: person.experiences.get(identity="named") for person in self.people}
        self.first_signed = self.signed[self.people[0].pk]

    # --- Tools -------------------------------------------------------------------------------------

    def report(self, public_id):
        from experiences.models import Experience

        return Experience.objects.get(public_id=public_id)

    def client(self, person=None):
        from django.test import Client

        client = Client()
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def odd_one(self, seen):
        """Return the candidate whose {candidate: what was seen} differs from all others', or None."""
        counts = Counter(seen.values())
        odd = [candidate for candidate, what in seen.items() if counts[what] == 1]
        return odd[0] if len(odd) == 1 and len(counts) == 2 else None

    def guess(self):
        return self.chance.choice(self.people).pk


# --- Attacks: each yields (report, the author it names) -----------------------------------------------


def by_the_grade(site):
    """A curator cites it beside one signed report after another, and reads the working grade."""
    practice = site.make_practice(site.carol, reports=[])
    claim = practice.claims().get()
    for public_id in site.truth:
        cite(site, claim, site.report(public_id))
        seen = {}
        for pk, signed in site.signed.items():
            row = cite(site, claim, signed)
            practice.refresh_from_db()
            seen[pk] = str(practice.assess(working=True).as_data())
            row.delete()
        yield public_id, site.odd_one(seen)
        claim.evidence.all().delete()


def cite(site, claim, report):
    claim.practice.refresh_from_db()
    return claim.cite(report, by=site.carol, bearing="supports", excerpt=EXCERPT)


def by_trials(site):
    """A practice rests on it; each candidate is seen to have signed a trial: does it count?"""
    from django.db import transaction

    for public_id in sample(site, 30):
        practice = site.make_practice(site.carol, reports=[site.report(public_id)])
        practice.submit(by=site.carol).publish(by=site.chris)
        seen = {}
        for person in site.people:
            with transaction.atomic():
                practice.try_out(by=person, verdict="worked", line="It held.", identity="named")
                seen[person.pk] = str(practice.assess().as_data())
                transaction.set_rollback(True)
            practice.refresh_from_db()
        yield public_id, site.odd_one(seen)


def by_trust(site):
    """A moderator withdraws trust from its page, and watches whose next signed report has to wait."""
    from django.db import transaction

    from tests.factories import make_draft

    for public_id in sample(site, 30):
        with transaction.atomic():
            site.report(public_id).withdraw_trust(by=site.mona, note="It names a client.")
            seen = {
                person.pk: str(make_draft(person, identity="named").submit(by=person).status)
                for person in site.people
            }
            transaction.set_rollback(True)
        yield public_id, site.odd_one(seen)


def by_names_of_organisations(site):
    """A curator says that each organisation is another, and watches whether anything of the grade moves."""
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from practices.models import SameOrganisation

    for public_id in sample(site, 30):
        practice = site.make_practice(site.carol, reports=[site.report(public_id), site.first_signed])
        practice.submit(by=site.carol).publish(by=site.chris)
        seen = {}
        for person in site.people:
            with transaction.atomic():
                with suppress(ValidationError):  # Organisation0 is itself already.
                    SameOrganisation.objects.say(person.organisation, "Organisation0", by=site.carol)
                practice.refresh_from_db()
                seen[person.pk] = str(practice.assess().as_data())
                transaction.set_rollback(True)
            practice.refresh_from_db()
        yield public_id, site.odd_one(seen)


def by_what_is_given_out(site):
    """Everything about it is read as member, curator and moderator, and searched for each candidate."""
    clients = [site.client(person) for person in (None, site.ben, site.carol, site.mona)]
    for public_id in sample(site, 60):
        base = f"/api/v1/experiences/{public_id}/"
        paths = [f"/experiences/{public_id}/", f"/experiences/{public_id}/history/", base]
        paths += [f"{base}{more}/" for more in ("follow-ups", "questions", "revisions")]
        paths += [f"/practices/near/{public_id}/"]
        text = "".join(client.get(path).content.decode() for client in clients for path in paths)
        seen = {
            person.pk: any(mark in text for mark in (f"{person} ", f"{person}<", person.email))
            for person in site.people
        }
        yield public_id, site.odd_one(seen)


def by_the_order_of_lists(site):
    """In the list of all reports, the author is taken to be whoever signed the nearest report."""
    found, client, address = [], site.client(), "/api/v1/experiences/?page_size=100"
    while address:
        page = client.get(address).json()
        found += page["results"]
        address = page["next"]
    names = {str(person): person.pk for person in site.people}
    signed = [(at, names.get(row["author"]["name"])) for at, row in enumerate(found) if row["author"]]
    for at, row in enumerate(found):
        if row["id"] in site.truth:
            near = min(signed, key=lambda one: abs(one[0] - at))[1] if signed else None
            yield row["id"], near


def sample(site, number):
    return site.chance.sample(list(site.truth), min(number, len(site.truth)))


ATTACKS = (
    by_the_grade, by_trials, by_trust, by_names_of_organisations, by_what_is_given_out, by_the_order_of_lists,
)  # fmt: skip


def told(options, site):
    """Print how each attack did; return whether none did better than chance."""
    from django.db import transaction

    fine = True
    for attack in ATTACKS:
        with transaction.atomic():  # Nothing an attack did stays, and no disk is waited for.
            named = list(attack(site))
            transaction.set_rollback(True)
        saw = sum(author is not None for _public_id, author in named)
        right = sum(site.truth[public_id] == (author or site.guess()) for public_id, author in named)
        by_chance = at_least(right, len(named), 1 / options.people)
        fine &= by_chance > 0.001
        name = attack.__name__.replace("_", " ")
        print(
            f"{name:28} saw something in {saw:3}, {right:3} of {len(named):3} right; "
            f"chance gives {len(named) / options.people:4.1f} (as many or more: {by_chance:.3f})"
        )
    return fine


def at_least(number, tries, share):
    """Return how likely chance is right `number` times or more in `tries`, each right with `share`."""
    return sum(comb(tries, n) * share**n * (1 - share) ** (tries - n) for n in range(number, tries + 1))


if __name__ == "__main__":
    main()
