"""What each grade needs beyond the one below, in words and as a test; and what is said of a grade."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Criterion:
    """One thing a grade asks: how it is tested, and how it is said.

    What is undone is told in numbers only where the page gives them anyway: how many organisations or
    authors there are to spare is nobody's business.
    """

    about: str
    met: Callable
    asks: Callable
    undone: Callable
    lack: Callable = None

    def wanting(self, result):
        """Return the sentence that says what is missing."""
        return self.lack(result) if self.lack else self.asks()


def _support(least):
    def lack(result):
        missing = ceil(least - result.support)
        return ngettext(
            "%(missing)s more independent report that supports it.",
            "%(missing)s more independent reports that support it.",
            missing,
        ) % {"missing": missing}

    def asks():
        return ngettext(
            "%(least)s independent report supports it.", "%(least)s independent reports support it.", least
        ) % {"least": least}

    def undone(result):
        too_many = floor(result.support - least) + 1
        return ngettext(
            "%(number)s independent voice fewer that supports it.",
            "%(number)s independent voices fewer that support it.",
            too_many,
        ) % {"number": too_many}

    return Criterion("support", lambda result: result.support >= least, asks, undone, lack)


def _attributed(least):
    return Criterion(
        "voices",
        met=lambda result: result.attributed >= least,
        asks=lambda: _("They come from at least %(least)s organisations or authors.") % {"least": least},
        undone=lambda result: (
            _("Support from fewer than %(least)s organisations or authors.") % {"least": least}
        ),
    )


def _contexts(least):
    return Criterion(
        "contexts",
        met=lambda result: result.contexts >= least,
        asks=lambda: (
            _("They come from at least %(least)s contexts that differ in audience, kind or size.")
            % {"least": least}
        ),
        undone=lambda result: _("Support from fewer than %(least)s contexts.") % {"least": least},
    )


def _one_more_third(result):
    """Say how many more contradicting voices make a third of all that speak."""
    number = ceil((result.support - 2 * result.contradictions) / 2)
    return ngettext(
        "%(number)s more independent voice that contradicts it.",
        "%(number)s more independent voices that contradict it.",
        number,
    ) % {"number": number}


LADDER = (
    (_support(1),),
    (
        _support(2),
        Criterion(
            "strength",
            met=lambda result: result.documented >= 1,
            asks=lambda: _("One of them shows a source."),
            undone=lambda result: _("No report left in its support that shows a source."),
        ),
    ),
    (
        _support(4),
        _attributed(3),
        _contexts(2),
        Criterion(
            "strength",
            met=lambda result: result.measured >= 1,
            asks=lambda: _("One of them is measured before and after."),
            undone=lambda result: _("No report left in its support that is measured."),
        ),
        Criterion(
            "agreement",
            met=lambda result: result.share < 1 / 3,
            asks=lambda: _("Fewer than a third of the voices contradict it."),
            undone=_one_more_third,
        ),
    ),
    (
        _support(8),
        _attributed(5),
        _contexts(3),
        Criterion(
            "strength",
            met=lambda result: result.measured >= 3 or result.compared >= 1,
            asks=lambda: _("Three of them are measured before and after, or one is also compared."),
            undone=lambda result: _("Fewer than three measured reports left, and none compared."),
        ),
        Criterion(
            "follow-ups",
            met=lambda result: result.follow_ups >= 2,
            asks=lambda: _("Two follow-ups, six months later or more, say that it still holds."),
            undone=lambda result: _("Fewer than two late follow-ups left that say that it still holds."),
        ),
        Criterion(
            "answers",
            met=lambda result: result.answered,
            asks=lambda: _("Every contradiction is answered in its note."),
            undone=lambda result: _("A contradiction that no note answers."),
        ),
    ),
)


def _who(reports, trials):
    """Return "9 reports and 1 trial"; "" for neither."""
    words = {
        "reports": ngettext("%(n)s report", "%(n)s reports", reports) % {"n": reports} if reports else "",
        "trials": ngettext("%(n)s trial", "%(n)s trials", trials) % {"n": trials} if trials else "",
    }
    return _("%(reports)s and %(trials)s") % words if all(words.values()) else "".join(words.values())


def support_sentence(result):
    """Say who supports it, from how many organisations or authors."""
    number = result.supporting_reports + result.supporting_trials
    if not number:
        return _("No report supports it yet.")
    words = {"who": _who(result.supporting_reports, result.supporting_trials), "n": result.attributed}
    if not result.attributed:
        return ngettext("%(who)s supports it.", "%(who)s support it.", number) % words
    words["source"] = ngettext(
        "%(n)s organisation or author", "%(n)s organisations or authors", result.attributed
    ) % {"n": result.attributed}
    return (
        ngettext("%(who)s, from %(source)s, supports it.", "%(who)s, from %(source)s, support it.", number)
        % words
    )


def contradiction_sentence(result):
    """Say who contradicts it."""
    number = result.contradicting_reports + result.contradicting_trials
    if not number:
        return _("None contradicts it.")
    who = _who(result.contradicting_reports, result.contradicting_trials)
    return ngettext("%(who)s contradicts it.", "%(who)s contradict it.", number) % {"who": who}


def counting_sentence(result):
    """Say why more speak than count; "" where each counts as one."""
    spoken = result.supporting_reports + result.supporting_trials
    spoken += result.contradicting_reports + result.contradicting_trials
    if spoken <= result.support + result.contradictions:
        return ""
    return _(
        "What one organisation, one author or one event says counts once; a trial, and a report that "
        "withholds its author’s name, may count less than one report."
    )


def contexts_sentence(result):
    """Say from how many contexts the support comes; "" of one alone, which its flag says, and of none."""
    if result.contexts <= 1:
        return ""
    return _("The support comes from %(number)s different contexts.") % {"number": result.contexts}


def measured_sentence(result):
    """Say how many reports are measured; "" where there is none in its support."""
    if not result.supporting_reports:
        return ""
    if not result.measured:
        return _("None of the reports is measured before and after.")
    return ngettext(
        "%(number)s of the reports is measured before and after.",
        "%(number)s of the reports are measured before and after.",
        result.measured,
    ) % {"number": result.measured}


STATED = (
    support_sentence,
    contradiction_sentence,
    counting_sentence,
    contexts_sentence,
    measured_sentence,
)

FLAG_SENTENCES = {
    "disputed": lambda: _("Disputed: a third or more of the voices contradict it."),
    "ageing": lambda: _("Ageing: the newest support is older than three years."),
    "narrow": lambda: _(
        "Narrow: all support comes from one kind of context, alike in audience, kind and size."
    ),
    "harm-reported": lambda: _(
        "Harm reported: someone who did what it says reports that it made things worse."
    ),
}
