"""What moderators reword. Terms come from `load_vocabulary`; a slug never changes once it is given."""

from django.contrib import admin
from django.db import transaction

from experiences.models import Competency, Context, Effect, Experience, Facet, Stake, Wording
from experiences.models.vocabulary_cache import forget


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


@admin.register(Competency, Effect)
class ListAdmin(TermAdmin):
    pass


@admin.register(Facet)
class FacetAdmin(TermAdmin):
    list_display = ["slug", "name_en", "name_fr", "required", "most"]


@admin.register(Stake)
class StakeAdmin(TermAdmin):
    list_display = ["slug", "competency", "name_en", "name_fr", "retired_on"]
    list_filter = ["competency"]
    list_select_related = ["competency"]
    exclude = ["name"]
    filter_horizontal = ["heirs"]


@admin.register(Context)
class ContextAdmin(TermAdmin):
    list_display = ["slug", "facet", "name_en", "name_fr", "retired_on"]
    list_filter = ["facet"]
    list_select_related = ["facet"]
    exclude = ["name"]
    filter_horizontal = ["heirs"]
    permanent = ("slug", "facet")


@admin.register(Wording)
class WordingAdmin(TermAdmin):
    list_display = ["kind", "slug", "name_en", "name_fr"]
    list_filter = ["kind"]
    filter_horizontal = ["stakes"]
    permanent = ("slug", "kind")


@admin.register(Experience)
class ExperienceAdmin(admin.ModelAdmin):
    """Look, do not touch: a report is written by its author and moved by the verbs alone."""

    list_display = ["public_id", "title", "status", "verdict", "language"]
    list_filter = ["status", "verdict", "language"]
    search_fields = ["public_id", "title"]
    # Whoever reads here must not learn who asked not to be named.
    fields = [
        "public_id", "status", "title", "language", "situation", "action", "result", "lessons", "verdict",
        "identity",
    ]  # fmt: skip

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
