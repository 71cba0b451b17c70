from django.apps import AppConfig
from django.apps import apps as installed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = gettext_lazy("Members")

    def ready(self):
        # Permissions exist only once post_migrate has made them, so the groups follow there too.
        post_migrate.connect(make_groups, dispatch_uid="accounts.make_groups")
        remember_who_chose_a_password()


def remember_who_chose_a_password():
    """Let allauth tell when a password was chosen: it has no method to override that knows the session."""
    from allauth.account import signals

    from accounts.known_devices import remember_in_session

    for signal in (signals.password_changed, signals.password_reset, signals.password_set):
        signal.connect(remember_in_session, dispatch_uid="accounts.remember_in_session")


def make_groups(using, apps=installed, **kwargs):
    """Give the two roles their permissions: curators review and distil, moderators also decide.

    `flush`, unlike `migrate`, does not say which `apps` it speaks of.
    """
    try:
        Group = apps.get_model("auth", "Group")
        Permission = apps.get_model("auth", "Permission")
    except LookupError:
        return
    curates = ["review_experience", "curate_practice"]
    moderates = [*curates, "moderate_experience", "edit_vocabulary", "invite_member", "change_site"]
    for name, codenames in [("Curators", curates), ("Moderators", moderates)]:
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*Permission.objects.using(using).filter(codename__in=codenames))
