"""The administration is entered through allauth: one sign-in, with its limits and second factor."""

import allauth.socialaccount.admin  # noqa: F401  registers what is taken out below
from allauth.account.decorators import secure_admin_login
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.forms import MemberPasswordForm
from accounts.models import User

admin.site.login = secure_admin_login(admin.site.login)
# The provider is told of by the environment alone, and whose account opens which one is for no form.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])


@admin.register(User)
class MemberAdmin(UserAdmin):
    """Members and their roles; the organisation stays private here too."""

    change_password_form = MemberPasswordForm
    ordering = ["email"]
    list_display = ["email", "display_name", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["email", "display_name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "display_name", "language", "notices"]}),
        (_("Roles"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]

    def has_delete_permission(self, request, obj=None):
        """A member is deleted by closing their account, which asks what becomes of their reports."""
        return False
