"""The people of the demo: members, two curators and a moderator, all invented."""

import json
from contextlib import contextmanager
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingMail, SiteText, TermsAcceptance, User

PASSWORD = "demo-field-reports"  # Anyone may know it: for trying Retex out, never for a public address.


@transaction.atomic
def load(password=None):
    """Make the people who are missing; return (all of them by address, how many were made).

    Those who are there keep their password, unless a `password` is given.
    """
    hashed = make_password(password or PASSWORD)  # Once: it is slow on purpose.
    people, made = {}, 0
    for row in json.loads((Path(__file__).parent / "people.json").read_text(encoding="utf-8")):
        groups = row.pop("groups")
        person, new = User.objects.get_or_create(email=row.pop("email"), defaults={**row, "password": hashed})
        if password and not new:
            person.password = hashed
            person.save(update_fields=["password"])
        person.groups.add(*Group.objects.filter(name__in=groups))
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        terms = SiteText.objects.latest_of(SiteText.Kind.TERMS)
        TermsAcceptance.record(by=person, number=terms.number)
        people[person.email] = person
        made += new
    return people, made


@contextmanager
def one_by_one(people):
    """Use around all that is done for one row of the demo: in one transaction, and nobody of `people`, by
    address, gets a mail about what they are made to have done. The site shows what waits for them.

    In one transaction for all rows, PostgreSQL would keep each state of each row, know of none of them when
    it plans a query, and read through all in each: minutes for what takes seconds.
    """
    began = timezone.now()
    with transaction.atomic():
        yield
        OutgoingMail.objects.filter(recipient__in=people, created_at__gte=began).delete()
