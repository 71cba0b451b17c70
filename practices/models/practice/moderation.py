"""Moderation of a practice: alarms about it or one claim, and what follows when a moderator takes it down.

An alarm goes to the moderators and hides nothing, as two curators have read it. What a moderator hides or
removes is shown to no reader, whatever its status; nothing of it is lost, and it can be let stand again.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from experiences.models import Experience
from practices import notifications
from practices.models.evidence import Evidence
from practices.models.practice.recipients import curators_of
from practices.models.practice.texts import PracticeText
from practices.models.practice.translation import TranslatedPractice
from practices.models.practice.word_profiles import PracticeProfile
from practices.models.version import PracticeVersion
from practices.version_diff import changes_of_versions


class ModeratedPractice(TranslatedPractice):
    """A practice about which readers raise alarms, and on which moderators decide."""

    can_come_back = True
    Profile, Text = PracticeProfile, PracticeText

    class Meta:
        abstract = True

    @property
    def moderation_label(self):
        """What became of it, in the gender of a practice."""
        M = self.Moderation
        labels = {
            M.HIDDEN: pgettext("practice", "Hidden until a moderator decides"),
            M.REMOVED: pgettext("practice", "Removed by a moderator"),
        }
        return labels.get(self.moderation, self.get_moderation_display())

    # --- What an alarm asks --------------------------------------------------------------------

    def is_told_by(self, user):
        """Whether `user` is one of those whose words it is: they change it, and raise no alarm."""
        return user.is_authenticated and self.created_by_id == user.pk

    def was_let_stand(self):
        """Two curators have: no alarm hides it."""
        return True

    def require_open_to_alarms(self):
        if not self.is_open_to_readers:
            raise ValidationError(_("Only what readers can read is open to alarms."), code="state")

    def has_claim(self, lasting_id):
        """Whether readers read this claim in it."""
        return self.all_claims.filter(version=self.current_id, lasting_id=lasting_id).exists()

    # --- How decisions work --------------------------------------------------------------------

    def lock_owner(self):
        self.lock_family()

    def writers(self):
        return curators_of(self)

    def log_decision(self, verb, by, *, note="", reason=""):
        self.log.create(verb=verb, by=by, note=note or reason)

    def after_decision(self, before):
        self.index_again()

    def tell_writers(self, verb, by, note):
        notifications.notify_decision(self, verb, self.writers(), note, by=by)

    def _require(self, *states):
        """Refuse what was never public: there is nothing to take down."""
        if self.current_id is None:
            raise ValidationError(_("Only what has been published can be taken down."), code="state")
        super()._require(*states)

    def _move(self, to, **columns):
        """Whoever read it before it came to another state overwrites nothing afterwards."""
        if to == self.moderation == self.Moderation.SHOWN:
            super()._move(to, **columns)
        else:
            self.compare_and_swap(moderation=to, **columns)

    def after_claim_decision(self, cause, by):
        """Renew what follows from the claims that readers read: what versions changed, the grade, search."""
        for version, changes in changes_of_versions(self):
            PracticeVersion.objects.filter(pk=version.pk).update(changes=changes)
        self.recompute_grade(cause=cause, by=by)
        self.index_again()

    def index_again(self):
        """Let it be found by what readers see of it now; not at all, if that is nothing."""
        self._prefetched_objects_cache = {}
        if self.current_id:
            self.current = PracticeVersion.objects.get(pk=self.current_id)
        for derived in (self.Text.objects, self.Profile.objects):
            if self.is_open_to_readers:
                derived.put(self)
            else:
                derived.drop(self.pk)
        self.family().list_again()  # Each names the others that can be read.
        # Reports name the practices that they feed: this one, or this one no more.
        fed = Evidence.objects.filter(claim__practice=self).values("report")
        Experience.objects.filter(pk__in=fed).list_again()
