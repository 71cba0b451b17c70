"""What administrators look at; what moderators and authors do is done elsewhere."""

from django.contrib import admin

from experiences.models import Competency, Context, Effect, Experience, Facet, GlossaryEntry, Stake, Wording


class LookOnly(admin.ModelAdmin):
    """Look, do not touch: what is done to these rows is done by their verbs alone."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Competency, Stake, Facet, Context, Effect, Wording, GlossaryEntry)
class VocabularyAdmin(LookOnly):
    """Moderators edit them under /vocabulary/."""

    list_display = ["address", "name_en", "name_fr"]
    search_fields = ["slug", "name_en", "name_fr"]


@admin.register(Experience)
class ExperienceAdmin(LookOnly):
    """A report is written by its author and moved by the verbs alone."""

    list_display = ["public_id", "title", "status", "verdict", "language"]
    list_filter = ["status", "verdict", "language"]
    search_fields = ["public_id", "title"]
    # Whoever reads here must not learn who asked not to be named.
    fields = [
        "public_id", "status", "title", "language", "situation", "action", "result", "lessons", "verdict",
        "identity",
    ]  # fmt: skip
