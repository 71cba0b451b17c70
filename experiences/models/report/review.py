"""Review decisions beside a report's state: the stakes readers find it by, and whether its author is trusted.

An author is trusted, so that their reports are published at once, from their first published report on. A
moderator withdraws that trust, and gives it back, from the page of a report whose author may be withheld. So
what stands is told by the log of that report alone: nothing there depends on the author's other reports,
nor on whether the author is still a member, or reports of one author could be told by what their pages
offer. What was decided from a report without a name holds for such reports alone: a signed one that had to
wait would say who wrote it.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user import READ_FIRST
from config.versioning import require_note
from experiences import notifications
from experiences.models.report.content import NEEDS
from experiences.models.report.parts import Parts
from experiences.models.report.state import ReportState
from experiences.models.tagging import replace_links
from experiences.models.vocabulary.terms import Stake

WITHDRAWN, GIVEN_BACK = "trust-withdrawn", "trust-given-back"


class ReportReview(ReportState):
    """What reviewers and moderators decide of a report.

    The tags are always the stakes in effect, which lists, search and practices read. Where a reviewer
    set others than the author, the author's own choice stands beside them.
    """

    # Slugs; empty while the stakes in effect are the author's own.
    author_stakes = models.JSONField(_("stakes as the author chose them"), default=list, editable=False)

    class Meta:
        abstract = True

    def set_stakes(self, *, by, stakes):
        """Set the stakes that readers find it by, as a reviewer; what the author chose is kept."""
        if not self.can_be_reviewed_by(by):
            raise PermissionDenied
        self.require_status(self.Status.SUBMITTED, self.Status.PUBLISHED)
        errors = Parts(stakes=stakes).errors()
        if not stakes:
            errors["stakes"] = ValidationError(NEEDS["stakes"], code="required")
        if errors:
            raise ValidationError(errors)
        before = list(self.stakes.all())
        if set(stakes) == set(before):
            return self
        own = self.author_stakes or slugs(before)
        with transaction.atomic():
            self.compare_and_swap(
                author_stakes=[] if own == slugs(stakes) else own,
                changed_at=self.publicly_known_at(timezone.now()),
            )
            replace_links(self.stake_links, stakes)
            self._prefetched_objects_cache = {}
            self.add_log_line("stakes-set", by, note=f"{self._named(before)} → {self._named(stakes)}")
            if self.status == self.Status.PUBLISHED:
                self.revisions.keep(self, "edited")
                self.after_public_change("edited")
        return self

    def chosen_by_author(self):
        """Return the stakes the author chose, where a reviewer set others; else nothing."""
        return list(Stake.objects.filter(slug__in=self.author_stakes)) if self.author_stakes else []

    def settle_author_stakes(self):
        """Let another choice of the author, in hand, take effect again; the same keeps what was reviewed."""
        if self.author_stakes and self.parts and self.parts.stakes is not None:
            in_effect = self.stake_links.values_list("tag__slug", flat=True)
            if slugs(self.parts.stakes) != sorted(in_effect):
                self.author_stakes = []

    def _named(self, stakes):
        """Name stakes in the language of the report, as the other words of its history."""
        return ", ".join(sorted(getattr(stake, f"name_{self.language}") for stake in stakes))

    # --- Whether its author's reports are published at once -------------------------------------

    @staticmethod
    def is_trusted(user, identity):
        """Whether `user` has had a report published, and none of this `identity` is to be read first."""
        return user.experiences.published().filter(**{f"author__{READ_FIRST[identity]}": False}).exists()

    @property
    def trust_withdrawn(self):
        """The log line by which trust was withdrawn here and not given back, or None."""
        lines = [line for line in self.log.all() if line.verb in (WITHDRAWN, GIVEN_BACK)]
        return lines[-1] if lines and lines[-1].verb == WITHDRAWN else None

    def withdraw_trust(self, *, by, note):
        """Have its author's next reports read before publication, as a moderator, with a sentence
        that says why.
        """
        self._require_judge_of_author(by)
        require_note(note, needed=_("Say in a sentence why their reports are to be read first."))
        if self.trust_withdrawn:
            raise ValidationError(_("This has been decided already."), code="state")
        with transaction.atomic():
            self._settle_trust(WITHDRAWN, by, note)
            notifications.notify_trust_withdrawn(self, note)
        return self

    def give_trust_back(self, *, by, note=""):
        """Let its author's next reports be published at once again, as a moderator."""
        self._require_judge_of_author(by)
        require_note(note)
        if not self.trust_withdrawn:
            raise ValidationError(_("Trust was not withdrawn because of this report."), code="state")
        with transaction.atomic():
            if not self._settle_trust(GIVEN_BACK, by, note):
                notifications.notify_trust_given_back(self)
        return self

    def can_have_author_judged_by(self, user):
        """Nobody judges themselves."""
        return user.has_perm("experiences.moderate_experience") and user != self.author

    def _require_judge_of_author(self, by):
        if not self.can_have_author_judged_by(by):
            raise PermissionDenied
        self.require_status(self.Status.PUBLISHED, self.Status.HIDDEN, self.Status.WITHDRAWN)
        if self.has_openly_left:
            raise ValidationError(_("Its author is no longer a member."), code="state")

    def _settle_trust(self, verb, by, note):
        """Log the decision; return whether a report like this one now stands against its author."""
        # Held first: of two decisions at once, the second sees what the first has said.
        author = User.objects.select_for_update().filter(pk=self.author_id).first()
        self.compare_and_swap()
        self.add_log_line(verb, by, note=note)
        if author is None:
            return False
        lines = self.log.model.objects.filter(
            report=models.OuterRef("pk"), verb__in=[WITHDRAWN, GIVEN_BACK]
        ).order_by("-pk")
        alike = author.experiences.filter(identity=self.identity)
        last = alike.annotate(last=models.Subquery(lines.values("verb")[:1]))
        read_first = last.filter(last=WITHDRAWN).exists()
        User.objects.filter(pk=author.pk).update(**{READ_FIRST[self.identity]: read_first})
        return read_first


def slugs(stakes):
    return sorted(stake.slug for stake in stakes)
