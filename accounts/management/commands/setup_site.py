import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import Site
from accounts.models.images import MOST_BYTES
from accounts.site.setup import asked, make_curators, stored_site


class Command(BaseCommand):
    help = (
        "Say what the site is called, in which languages it speaks and who answers for it, and who its first "
        "curators are. Asks for what no option says, if someone sits at a terminal; safe to repeat. The same "
        "is on the page /site/."
    )

    def add_arguments(self, parser):
        for name in Site.TOLD:
            column = Site._meta.get_field(name)
            choices = [value for value, _label in column.choices] if column.choices else None
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, choices=choices, help=str(column.verbose_name))
        parser.add_argument("--logo", metavar="FILE", help="a PNG, JPEG or WebP image; “” takes it away")
        parser.add_argument(
            "--curator", metavar="EMAIL", action="append", default=[],
            help="who has an account becomes a curator, others are invited; can be repeated",
        )  # fmt: skip
        parser.add_argument("--no-input", action="store_true", help="ask nothing")

    def handle(self, *, no_input, logo, curator, **options):
        site = stored_site()
        told = {name: options[name] for name in Site.TOLD if options[name] is not None}
        people = "\n".join(curator)
        if not no_input and sys.stdin.isatty():
            told = self.ask(site, told)
            people = people or input(_("E-mail addresses of the first curators, with commas: "))
        if logo is not None:
            told["logo"] = content_of(logo)
        try:
            site.change(by=None, **told)
        except ValidationError as refusal:
            raise CommandError("\n".join(self.lines_of(refusal))) from None
        for line in make_curators(people, language=site.default_language):
            self.stdout.write(line)
        self.tell(site)

    def ask(self, site, told):
        """Ask for what no option said."""
        told = dict(told)
        for name in Site.TOLD:
            if name == "default_language" and told.get("languages") in Site.Language.values:
                continue  # There is one.
            if name not in told:
                column = Site._meta.get_field(name)
                told[name] = asked(input, self.stdout.write, column, getattr(site, name))
        return told

    def lines_of(self, refusal):
        """Yield the sentences of a refusal, each with the option it is about."""
        for name, sentences in getattr(refusal, "message_dict", {"": refusal.messages}).items():
            option = f"--{name.replace('_', '-')}: " if name in (*Site.TOLD, "logo") else ""
            yield from (f"{option}{sentence}" for sentence in sentences)

    def tell(self, site):
        """Say what the site is, and what is still missing."""
        self.stdout.write(_("%(site)s is set up.") % {"site": site.name})
        if site.missing:
            self.stdout.write(_("Still missing, and shown as missing on its pages:"))
            for label in site.missing:
                self.stdout.write(f"- {label}")
        self.stdout.write(_("Its texts (about, legal notice, terms …) are changed on the page /site/."))


def content_of(path):
    """Return the bytes of the file at `path`, no more than a logo may have and one; none of no path."""
    if not path:
        return b""
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CommandError(f"--logo: {error}") from None
