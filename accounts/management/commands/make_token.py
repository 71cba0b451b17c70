from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import Token, User


class Command(BaseCommand):
    help = "Make an access token for a member's program, and print it once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--scope", choices=Token.Scope.values, required=True)
        parser.add_argument("--name", default="make_token", help="where it is used, to know it again later")
        parser.add_argument("--days", type=int, default=Token.DAYS, help=f"how long it works ({Token.DAYS})")

    def handle(self, *, email, scope, name, days, **options):
        try:
            member = User.objects.get(email__iexact=email, is_active=True)
            _row, key = Token.issue(by=member, name=name, scope=scope, days=days)
        except (User.DoesNotExist, ValueError):  # ValueError: a NUL in the address.
            text = _("No active member has the address %(email)s.") % {"email": ascii(email)[1:-1]}
            raise CommandError(text) from None
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(key)
