"""What can be done to a report: each verb once, for its button, its page and its sentence."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from config.verbs import Verb, Verbs
from experiences import forms
from experiences.models import Experience, Question
from experiences.models.flags import is_moderator, would_hide

S = Experience.Status


def link(report, *, by, other):
    """Say that `other` (the address or identifier of a report) is about the same event."""
    if not by.has_perm("experiences.review_experience"):
        raise PermissionDenied
    found = Experience.objects.visible_to(by).at_address(other).first()
    if found is None:
        raise ValidationError({"other": _("No report has this address. Copy it from the report’s page.")})
    return report.tells_same_event_as(found, by=by)


# --- Whose buttons are shown -----------------------------------------------------------------------


def is_author(report, user):
    return report.author is not None and user == report.author


def can_be_kept(report, user):
    return report.status == S.PUBLISHED and any(one.settled_at is None for one in report.flags_for(user))


def can_have_trust_decided(report, user):
    settled = report.status in (S.PUBLISHED, S.HIDDEN, S.WITHDRAWN) and not report.has_openly_left
    return settled and report.can_have_author_judged_by(user)


# --- Sentences that depend on what came of it --------------------------------------------------------


def sent(report):
    if report.status == S.PUBLISHED:
        return _("Your report is published.")
    return _("Sent. A curator reads it first; you will find the answer under “My reports”.")


def flagged(report):
    if report.status == S.PUBLISHED:
        return _("Thank you. The moderators are told; the report stays shown until they have looked at it.")
    return _("Thank you. The report is hidden until a moderator has looked at it.")


def what_a_flag_does(report, user):
    if would_hide(report, user):
        return _("The report is hidden at once, until a moderator has looked at it.")
    return _(
        "The moderators are told, and the report stays shown until they have looked at it: it is hidden at "
        "once only if you have published something yourself, fewer than three such alarms of yours wait, "
        "and no moderator has let it stand."
    )


# --- The table -------------------------------------------------------------------------------------

VERBS = Verbs(
    {
        "submit": Verb(
            Experience.submit,
            forms.VerbForm,
            done=sent,
            offered=lambda report, user: is_author(report, user) and report.status in (S.DRAFT, S.RETURNED),
        ),
        "discard": Verb(
            Experience.discard,
            forms.VerbForm,
            done=_("The draft is deleted."),
            offered=lambda report, user: is_author(report, user) and report.status == S.DRAFT,
        ),
        "publish": Verb(
            Experience.publish,
            forms.VerbForm,
            done=_("The report is published."),
            offered=lambda report, user: report.can_be_reviewed_by(user) and report.status == S.SUBMITTED,
        ),
        "return": Verb(
            Experience.return_to_author,
            forms.ReturnForm,
            done=_("The report went back to its author, with your words."),
            offered=lambda report, user: report.can_be_reviewed_by(user) and report.status == S.SUBMITTED,
        ),
        "stakes": Verb(
            Experience.set_stakes,
            forms.StakesForm,
            done=_("The stakes are set. What the author chose is kept beside them."),
            offered=lambda report, user: (
                report.can_be_reviewed_by(user) and report.status in (S.SUBMITTED, S.PUBLISHED)
            ),
        ),
        "follow-up": Verb(
            Experience.follow_up,
            forms.FollowUpForm,
            done=_("Your follow-up is added."),
            offered=lambda report, user: is_author(report, user) and report.status == S.PUBLISHED,
        ),
        "ask": Verb(
            Experience.ask,
            forms.AskForm,
            done=_("Your question is asked. You will find the answer here, and under “My reports”."),
            offered=Experience.can_be_asked_by,
            limit="questions",
        ),
        "restore": Verb(
            Experience.restore,
            forms.OptionalNoteForm,
            label=_("Show it again"),
            done=_("The report is shown again."),
            offered=lambda report, user: is_moderator(user) and report.status == S.HIDDEN,
            group="moderation",
            prominent=True,
        ),
        "keep": Verb(
            Experience.keep,
            forms.OptionalNoteForm,
            label=_("Leave it shown"),
            done=_("The report stays shown."),
            offered=can_be_kept,
            group="moderation",
            prominent=True,
        ),
        "withhold": Verb(
            Experience.withhold_words,
            forms.WithholdForm,
            label=_("Withhold words"),
            done=_("The words are withheld, and the author is told."),
            offered=lambda report, user: is_moderator(user) and report.status in (S.PUBLISHED, S.HIDDEN),
            group="moderation",
            confirms=True,
        ),
        "withdraw": Verb(
            Experience.withdraw,
            forms.NoteForm,
            label=_("Withdraw this report"),
            done=_("The report is withdrawn."),
            offered=lambda report, user: (
                report.can_be_withdrawn_by(user) and report.status in (S.PUBLISHED, S.HIDDEN)
            ),
            group="more",
        ),
        "withdraw-trust": Verb(
            Experience.withdraw_trust,
            forms.NoteForm,
            label=_("Have this author’s reports read before publication"),
            done=_("From now on, a curator reads this author’s reports before they are published."),
            offered=lambda report, user: (
                can_have_trust_decided(report, user) and report.trust_withdrawn is None
            ),
            group="more",
            hint=_(
                "Who the author is stays unknown to you if the name is withheld. "
                "It then holds for reports without the author’s name alone, else for signed ones alone. "
                "The author is told, and reads your sentence in the history of this report."
            ),
        ),
        "give-trust-back": Verb(
            Experience.give_trust_back,
            forms.OptionalNoteForm,
            label=_("Give this author trust back"),
            done=_("This report no longer stands in the way of publishing its author’s reports at once."),
            offered=lambda report, user: (
                can_have_trust_decided(report, user) and report.trust_withdrawn is not None
            ),
            group="more",
        ),
        "link": Verb(
            link,
            forms.LinkForm,
            label=_("Link to another report of the same event"),
            done=_("The two reports now count as one event."),
            offered=lambda report, user: (
                user.has_perm("experiences.review_experience") and report.status == S.PUBLISHED
            ),
            group="more",
        ),
        "flag": Verb(
            Experience.flag,
            forms.FlagForm,
            label=_("Report a problem"),
            done=flagged,
            offered=lambda report, user: report.status == S.PUBLISHED and user != report.author,
            group="more",
            hint=what_a_flag_does,
            limit="flags",
        ),
    }
)

# Of a question that a reader asked about a report.
QUESTION_VERBS = Verbs(
    {
        "answer": Verb(
            Question.answer,
            forms.AnswerForm,
            done=_("Your answer is published."),
            offered=lambda question, user: user == question.report.author,
        ),
        "take-back": Verb(
            Question.take_back,
            forms.VerbForm,
            done=_("Your question is taken back."),
            offered=lambda question, user: question.by_id == user.pk and question.answered_on is None,
        ),
        "remove": Verb(
            Question.remove,
            forms.NoteForm,
            done=_("The question is removed."),
            offered=Question.can_be_removed_by,
        ),
    }
)
