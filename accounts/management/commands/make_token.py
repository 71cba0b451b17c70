from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import Token, User

LONGEST_LIFE = 3650  # days


class Command(BaseCommand):
    help = "Make an access token for a member's program, and print it once."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--scope", choices=Token.Scope.values, required=True)
        parser.add_argument("--name", default="make_token", help="where it is used, to know it again later")
        parser.add_argument("--days", type=int, default=365, help="how long it works (365)")

    def handle(self, *, email, scope, name, days, **options):
        if not 1 <= days <= LONGEST_LIFE:
            raise CommandError(_("A token works for 1 to %(most)s days.") % {"most": LONGEST_LIFE})
        try:
            member = User.objects.get(email__iexact=email, is_active=True)
        except (User.DoesNotExist, ValueError):
            text = _("No active member has the address %(email)s.") % {"email": ascii(email)[1:-1]}
            raise CommandError(text) from None
        _row, key = Token.objects.create(member, expiry=timedelta(days=days), scope=scope, name=name[:80])
        self.stdout.write(key)
