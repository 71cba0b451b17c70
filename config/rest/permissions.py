"""Who may change what, as the object itself says."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class ReadOrEdit(BasePermission):
    """Who may see it was settled by visible_to(); who changes the words, by the object itself."""

    def has_object_permission(self, request, view, obj):
        return request.method in SAFE_METHODS or obj.can_be_edited_by(request.user)
