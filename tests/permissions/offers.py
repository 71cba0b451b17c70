"""What pages offer: where their forms go and their links lead, as verbs of a table."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

# Where links lead to what is read; the forms found there say what is offered.
READ = {
    "experiences:detail", "experiences:history", "experiences:markdown", "experiences:bibtex",
    "practices:detail", "practices:workbench", "practices:material", "practices:compare", "practices:version",
    "practices:nearest", "practices:markdown", "practices:bibtex", "practices:data", "api-practice-detail",
    "api-experience-detail",
}  # fmt: skip
# Forms about no one row: for whoever is shown the page.
FOR_ALL = {
    "set_language", "accounts:theme", "account_logout", "visit", "list_languages", "following",
    "site:accept_terms",
}  # fmt: skip
FOR_CURATORS = {"practices:begin", "practices:dismiss", "practices:take_back", "practices:new"}


class Offers(HTMLParser):
    """Where the forms of a page go, each with what its buttons do, and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.at, self.form, self.found = page.wsgi_request.path, None, set()
        self.feed(page.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and attrs.get("method") == "post":
            self.form = attrs.get("action") or self.at
            self.found.add(("form", self.form, ""))
        elif tag == "button" and self.form and attrs.get("type") != "button":
            action = attrs.get("formaction", "")
            do = attrs.get("value", "") if attrs.get("name") == "do" else ""
            self.found.add(("form", action if action.startswith("/") else self.form, do))
        elif tag == "a" and attrs.get("href", "").startswith("/"):
            self.found.add(("link", attrs["href"], ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def offered(client, addresses, offers, **about):
    """Return the verbs about one row, whose address has `about` in it, that its pages offer."""
    verbs = set()
    for page in map(client.get, addresses):
        if page.status_code != 200:
            continue
        for kind, action, do in Offers(page).found:
            try:
                place = resolve(urlsplit(action).path)
            except Resolver404:
                assert kind == "link", action
                continue
            ours = about.items() <= place.kwargs.items()
            same_report = place.kwargs.get("public_id") == about.get("public_id")
            if same_report and ("question_id" in place.kwargs) != ("question_id" in about):
                continue  # A question is a row of its own.
            if kind == "link" and (not ours or place.view_name in READ):
                continue
            if not ours:
                curates = page.wsgi_request.user.has_perm("practices.curate_practice")
                known = FOR_ALL | (FOR_CURATORS if curates else set())
                assert place.view_name in known, f"{page.wsgi_request.path} offers {action}: to whom?"
                continue
            does = place.kwargs.get("verb")
            verb = offers.get(place.view_name) or offers.get(f"{place.view_name} {does}") or does
            verbs.add("submit" if do == "send" else offers.get(verb, verb))
    return verbs


def allowed(table, name):
    return {verb for verb, people in table.items() if people[name] == "done"} - {"see"}
