"""What a member chooses to be told of: each kind of notification, on the site and by e-mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification, User

WAYS = ("site", "mail")


def chosen(member):
    """Return {way: kinds} of what reaches `member` now, of the kinds they can be told of."""
    kinds = Notification.kinds_for(member)
    by_mail = [kind for kind in kinds if member.wants_notice(waiting=kind in Notification.WAITING, kind=kind)]
    return {"site": [kind for kind in kinds if member.wants_on_site(kind)], "mail": by_mail}


def choose(member, *, site, mail):
    """Let these kinds, and no others of those they can be told of, reach `member` on the site and by mail."""
    kinds, N = Notification.kinds_for(member), User.Notices
    site, mail = set(site) & set(kinds), set(mail) & set(kinds)
    presets = {N.WAITING: set(kinds) & Notification.WAITING, N.ALL: set(kinds)}
    # What is said by one choice is; the others are apart from it.
    nearest = min(presets, key=lambda name: len(presets[name] ^ mail))
    member.choose_notices(nearest if mail else N.NONE)
    apart = {f"mail:{kind}": kind in mail for kind in sorted(presets[nearest] ^ mail)} if mail else {}
    off = {f"site:{kind}": False for kind in kinds if kind not in site}
    kept = {name: one for name, one in member.notification_choices.items() if name[5:] not in kinds}
    member.notification_choices = {str(name): one for name, one in (kept | apart | off).items()}
    member.save(update_fields=["notices", "notification_choices"])


class ChoicesForm(forms.Form):
    """A table of kinds: one box for the site, one for e-mails."""

    site = forms.MultipleChoiceField(required=False, label=_("On the site"))
    mail = forms.MultipleChoiceField(required=False, label=_("By e-mail"))

    def __init__(self, data=None, *, member):
        now = chosen(member)
        super().__init__(data, initial=now)
        for way in WAYS:
            self.fields[way].choices = [(kind.value, kind.label) for kind in Notification.kinds_for(member)]

    def rows(self):
        """Yield (kind, label, whether it is ticked for the site, and for e-mails)."""
        ticked = {way: [str(kind) for kind in self[way].value() or ()] for way in WAYS}
        for kind, label in self.fields["site"].choices:
            yield kind, label, kind in ticked["site"], kind in ticked["mail"]
