from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import demo as accounts
from experiences import demo as experiences
from experiences import vocabulary
from practices import demo as practices
from practices.figures.counting import make_figures

NAMED = {
    "ana@example.org": "member, with reports and a situation of her own",
    "ben@example.org": "member, nothing published yet",
    "carol@example.org": "curator",
    "chris@example.org": "curator",
    "mona@example.org": "moderator",
}


class Command(BaseCommand):
    help = "Load invented people, field reports and practices to try Retex with; a second run adds nothing."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="of all demo accounts")

    def handle(self, *, password, **options):
        if settings.HTTPS and not password:
            raise CommandError(
                "This address is served over HTTPS: choose a --password, the usual one is public."
            )
        if password:
            try:
                validate_password(password)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from None
        people = self.load(password)
        self.list_accounts(people, password)

    def load(self, password):
        vocabulary.load()
        people, new_people = accounts.load(password)
        reports, new_reports = experiences.load(people)
        new_practices = practices.load(people, reports)
        make_figures()
        self.stdout.write(
            f"Demo: {new_people} people, {new_reports} reports, {new_practices} practices added."
        )
        return people

    def list_accounts(self, people, password):
        if password is None and people["ana@example.org"].check_password(accounts.PASSWORD):
            password = accounts.PASSWORD
        known = f"password: {password}" if password else "with the password they were given"
        self.stdout.write(f"Sign in as ({known}):")
        for email, role in NAMED.items():
            self.stdout.write(f"  {email:<20} {role}")
        self.stdout.write(f"  and {len(people) - len(NAMED)} other members")
