"""Close an account: a choice for each report and trial, then one transaction, then nobody."""

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data.deletion import delete_member, end_sessions
from accounts.own_data.sections import addresses
from experiences.models import Experience, Question
from experiences.models.redaction import Masking, mask_rows
from practices.models import Comment, Practice, Trial

ERASE, LEAVE = "erase", "leave"
CHOICES = [(LEAVE, _("Leave it without my name")), (ERASE, _("Erase it"))]
S = Experience.Status
MAY_STAY = (S.PUBLISHED, S.HIDDEN, S.WITHDRAWN)


class ClosingForm(forms.Form):
    """One choice for each report that was published, and each trial."""

    def __init__(self, data=None, *, member):
        super().__init__(data)
        reports, trials = reports_and_trials(member)
        self.unfinished = [report for report in reports if report.status not in MAY_STAY]
        self.things = {f"report-{one.public_id}": one for one in reports if one.status in MAY_STAY}
        self.things |= {f"trial-{one.pk}": one for one in trials}
        for name, thing in self.things.items():
            self.fields[name] = choice(thing)

    def of_reports(self):
        return [self[name] for name, thing in self.things.items() if isinstance(thing, Experience)]

    def of_trials(self):
        return [self[name] for name, thing in self.things.items() if isinstance(thing, Trial)]

    @property
    def chosen(self):
        """The choices that were sent: {report or trial: ERASE or LEAVE}."""
        return {thing: self.cleaned_data[name] for name, thing in self.things.items()}

    def erased(self):
        """Return what will be gone."""
        gone = [thing for thing, chosen in self.chosen.items() if chosen == ERASE]
        return [*self.unfinished, *gone]

    def left(self):
        """Return what will stay, without a name."""
        return [thing for thing, chosen in self.chosen.items() if chosen == LEAVE]


def choice(thing):
    if isinstance(thing, Trial):
        label, about = thing.line, thing.practice_title
        initial = LEAVE
    else:
        label, about = (
            format_html('<span lang="{}">{}</span>', thing.language, thing),
            thing.status_for_author,
        )
        # What was withdrawn serves nobody any more, so it goes unless its author says otherwise.
        initial = ERASE if thing.status == S.WITHDRAWN else LEAVE
    return forms.ChoiceField(
        label=label, help_text=about, choices=CHOICES, initial=initial, widget=forms.RadioSelect
    )


def reports_and_trials(member):
    """Return (reports, trials) of `member`, in one order everywhere."""
    reports = Experience.objects.visible_to(member).filter(author=member).order_by("pk")
    trials = Trial.objects.filter(by=member).select_related("practice__current").order_by("pk")
    return list(reports), list(trials)


def close(member, choices):
    """Close the account of `member`: `choices` says {report or trial: ERASE or LEAVE}.

    What was never published is erased; what `choices` does not know of stays without a name.
    """
    key, known = member.pk, addresses(member)
    with transaction.atomic():
        member = User.objects.select_for_update().get(pk=key)
        reports, trials = reports_and_trials(member)
        lock_practices_of(member)
        mask_rows(Comment.objects.filter(by=member), Masking(member.email))
        for thing in [*reports, *trials]:
            if choices.get(thing, default(thing)) == ERASE:
                thing.erase(by=member)
            else:
                thing.leave_without_name(by=member)
        Question.objects.leave(member)
        delete_member(member)
    end_sessions(key, known)


def default(thing):
    return ERASE if isinstance(thing, Experience) and thing.status not in MAY_STAY else LEAVE


def lock_practices_of(member):
    """Lock every practice that will be regraded, in one order: two who leave at once wait, not deadlock."""
    fed = Q(all_claims__evidence__report__author=member) | Q(trials__by=member)
    keys = Practice.objects.filter(fed).values("pk")
    list(Practice.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
