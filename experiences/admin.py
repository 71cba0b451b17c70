"""What administrators look at. They reword facets and effects; moderators, elsewhere, the rest."""

from django.contrib import admin
from django.db import transaction

from experiences.models import Competency, Context, Effect, Experience, Facet, Stake, Wording
from experiences.models.vocabulary.cache import forget


class TermAdmin(admin.ModelAdmin):
    """A term of a closed list: its words may change, its slug may not, and it is never deleted."""

    list_display = ["slug", "name_en", "name_fr"]
    search_fields = ["slug", "name_en", "name_fr"]
    permanent = ("slug",)

    def get_readonly_fields(self, request, obj=None):
        return self.permanent if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        transaction.on_commit(forget)


@admin.register(Effect)
class ListAdmin(TermAdmin):
    pass


@admin.register(Facet)
class FacetAdmin(TermAdmin):
    list_display = ["slug", "name_en", "name_fr", "required", "most"]


class LookOnly(admin.ModelAdmin):
    """Look, do not touch: what is done to these rows is done by their verbs alone."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Competency, Stake, Context, Wording)
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
