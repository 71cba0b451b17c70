from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.invitations.batch import addresses_in, invite
from accounts.models import current_site


class Command(BaseCommand):
    help = (
        "Invite people to open an account: each gets a link by e-mail, sent by the worker, which works once "
        "and for fourteen days. Addresses that cannot be invited are named; the others are."
    )

    def add_arguments(self, parser):
        parser.add_argument("emails", nargs="+", metavar="EMAIL")
        parser.add_argument("--group", help="what they become once they accept, such as Curators")
        languages = [code for code, _name in settings.LANGUAGES]
        help_text = "of the e-mail; that of the site if not said"
        parser.add_argument("--language", choices=languages, help=help_text)

    def handle(self, *, emails, group, language, **options):
        addresses = addresses_in("\n".join(emails))
        language = current_site().offered(language)
        outcome = invite(addresses, by=None, language=language, group=group and group_named(group))
        for address, why in outcome.refused:
            self.stderr.write(f"{ascii(address)[1:-1]}: {why}")
        number = len(outcome.invited)
        said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", number)
        self.stdout.write(said % {"n": number})
        if outcome.refused:
            raise CommandError(_("Some addresses could not be invited."))


def group_named(name):
    try:
        return Group.objects.get(name=name)
    except (Group.DoesNotExist, ValueError):  # ValueError: a NUL in the name.
        known = ", ".join(Group.objects.order_by("name").values_list("name", flat=True))
        text = _("There is no group %(name)s, but: %(known)s.")
        raise CommandError(text % {"name": ascii(name)[1:-1], "known": known}) from None
