"""Whether a member's reports are published at once: earned by one, withdrawn and given back by a moderator.

A moderator does so from the page of a report, whose author may be withheld. So what stands is told by the
log of that report alone: nothing there depends on the author's other reports, nor on whether the author
is still a member, or reports of one author could be told by what their pages offer.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from experiences import notifications
from experiences.models.versioning import require_note

WITHDRAWN, GIVEN_BACK = "trust-withdrawn", "trust-given-back"


class Entrusted(models.Model):
    """What a moderator decides of a report's author, without learning who it is."""

    class Meta:
        abstract = True

    @staticmethod
    def is_trusted(user):
        """Whether `user` has had a report published, and no moderator wants theirs read first."""
        return user.experiences.published().filter(author__read_first=False).exists()

    @property
    def trust_withdrawn(self):
        """The log line by which trust was withdrawn here and not given back, or None."""
        lines = [line for line in self.log.all() if line.verb in (WITHDRAWN, GIVEN_BACK)]
        return lines[-1] if lines and lines[-1].verb == WITHDRAWN else None

    def withdraw_trust(self, *, by, note):
        """Have this author's next reports read before publication, for a reason in a sentence."""
        self._require_judge_of_author(by)
        require_note(note, needed=_("Say in a sentence why their reports are to be read first."))
        if self.trust_withdrawn:
            raise ValidationError(_("This has been decided already."), code="state")
        with transaction.atomic():
            self._settle_trust(WITHDRAWN, by, note)
            notifications.trust_withdrawn(self, note)
        return self

    def give_trust_back(self, *, by, note=""):
        """Let this author's next reports be published at once again."""
        self._require_judge_of_author(by)
        require_note(note)
        if not self.trust_withdrawn:
            raise ValidationError(_("Trust was not withdrawn because of this report."), code="state")
        with transaction.atomic():
            if not self._settle_trust(GIVEN_BACK, by, note):
                notifications.trust_given_back(self)
        return self

    def can_have_author_judged_by(self, user):
        """Nobody judges themselves."""
        return user.has_perm("experiences.moderate_experience") and user != self.author

    def _require_judge_of_author(self, by):
        if not self.can_have_author_judged_by(by):
            raise PermissionDenied
        self._require(self.Status.PUBLISHED, self.Status.HIDDEN, self.Status.WITHDRAWN)
        if self.has_openly_left:
            raise ValidationError(_("Its author is no longer a member."), code="state")

    def _settle_trust(self, verb, by, note):
        """Log the decision; return whether a report of this author now stands against them."""
        # Held first: of two decisions at once, the second sees what the first has said.
        author = User.objects.select_for_update().filter(pk=self.author_id).first()
        self.compare_and_swap()
        self._log(verb, by, note=note)
        if author is None:
            return False
        lines = self.log.model.objects.filter(
            report=models.OuterRef("pk"), verb__in=[WITHDRAWN, GIVEN_BACK]
        ).order_by("-pk")
        last = author.experiences.annotate(last=models.Subquery(lines.values("verb")[:1]))
        read_first = last.filter(last=WITHDRAWN).exists()
        User.objects.filter(pk=author.pk).update(read_first=read_first)
        return read_first
