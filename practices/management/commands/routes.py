"""List the addresses of the site, read from the URLconf and from the guards around each view."""

import inspect
import json

from django.contrib.admindocs.views import simplify_regex
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import gettext as _
from rest_framework.permissions import IsAuthenticated

from accounts.api.authentication import ScopeAllows

# The decorators that decide who comes in; what a row allows is decided by visible_to() and the verbs.
MEMBERS = {"member_only", "login_required", "user_passes_test", "reauthentication_required"}
CURATORS = {"require_curator"}
MODERATORS = {"require_moderator", "require_editor", "require_inviter", "require_site_editor"}
STAFF = {
    "AdminSite.admin_view",
    "AdminSite.get_urls",
    "ModelAdmin.get_urls",
    "secure_admin_login",
    "staff_member_required",
}
ROWS = (
    "/experiences/",
    "/questions/",
    "/practices/",
    "/claims/",
    "/evidence/",
    "/clusters/",
    "/same-organisations/",
)  # Addresses of rows that not everyone may know of.
SAFE = {"GET", "HEAD"}


class Command(BaseCommand):
    help = "List every address, its methods and its permission rule."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json, **options):
        rows = list(routes())
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row['address']}  {' '.join(row['methods'])}  {row['rule']}")


def routes(resolver=None, prefix="", namespaces=()):
    """Yield {address, name, methods, rule} for each address, in the order they are tried."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + written(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
            yield from routes(pattern, address, inner)
        else:
            name = ":".join([*namespaces, pattern.name]) if pattern.name else ""
            allowed = methods(pattern.callback)
            yield {
                "address": f"/{address}",
                "name": name,
                "methods": allowed,
                "rule": rule(pattern.callback, address, allowed),
            }


def written(pattern):
    """Return a pattern as people write addresses: <name> for what varies, * for anything."""
    if not isinstance(pattern, RegexPattern):
        return str(pattern)
    return simplify_regex(str(pattern)).removeprefix("/") or "*"


# --- Methods -------------------------------------------------------------------------------------


def methods(view):
    if actions := getattr(view, "actions", None):
        return sorted({method.upper() for method in actions} | ({"HEAD"} if "get" in actions else set()))
    for layer in layers(view):
        allowed = inspect.getclosurevars(layer).nonlocals.get("request_method_list")
        if allowed:
            return sorted(allowed)
    if view_class := view_class_of(view):
        names = (name for name in view_class.http_method_names if name != "options")
        return sorted(name.upper() for name in names if hasattr(view_class, name))
    return ["GET", "HEAD", "POST"] if guards(view) & STAFF else ["GET", "HEAD"]


def layers(view):
    """Yield a view and what it wraps, from the outermost decorator inwards."""
    while inspect.isfunction(view):
        yield view
        view = getattr(view, "__wrapped__", None)


def view_class_of(view):
    return getattr(view, "view_class", None) or getattr(view, "cls", None)


# --- Rules ---------------------------------------------------------------------------------------


def rule(view, address, allowed):
    """Return who comes in, in words, and what decides beyond that."""
    classes, changes = permission_classes(view), not SAFE.issuperset(allowed)
    who = page_rule(guards(view)) if classes is None else api_rule(classes, changes)
    if "<" not in address or not f"/{address}".replace("/api/v1", "").startswith(ROWS):
        return who
    if changes:
        return _("%(who)s; the row must be visible to them, and its verb decides") % {"who": who}
    return _("%(who)s; the row must be visible to them") % {"who": who}


def permission_classes(view):
    if not hasattr(view, "cls"):
        return None
    return view.initkwargs.get("permission_classes", view.cls.permission_classes)


def api_rule(classes, changes):
    if IsAuthenticated in classes and changes:
        return _("members; to change anything, with a token of scope “write”")
    if IsAuthenticated in classes:
        return _("members")
    if ScopeAllows in classes and changes:
        return _("everyone reads; members change, with a token of scope “write”")
    return _("everyone")


def page_rule(found):
    if found & STAFF:
        return _("staff")
    if found & MODERATORS:
        return _("moderators")
    if found & CURATORS:
        return _("curators")
    return _("members") if found & MEMBERS else _("everyone")


def guards(view):
    """Return the names of the decorators around a view, and around the dispatch() of its class."""
    found = {name for layer in layers(view) for name in names_of(layer)}
    if view_class := getattr(view, "view_class", None):
        for base in view_class.__mro__:
            found |= {name for layer in layers(vars(base).get("dispatch")) for name in names_of(layer)}
    return found


def names_of(layer):
    yield layer.__code__.co_qualname.split(".<locals>")[0]
    nonlocals = inspect.getclosurevars(layer).nonlocals
    if "require" in nonlocals:  # accounts.decorators.allowed_only
        yield nonlocals["require"].__name__
    decorators = nonlocals.get("decorators", ())
    for decorator in decorators if isinstance(decorators, list | tuple) else [decorators]:
        if inspect.isfunction(decorator):
            yield decorator.__code__.co_qualname.split(".<locals>")[0]
