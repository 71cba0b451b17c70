"""The sentence of a notification, made when it is read, of what its member may read by then.

Each is worded twice: with the title of what it is about, and for whoever may not read that any more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from experiences.models import Experience
from practices.models import KeptSearch, Practice
from practices.models.practice.content import Grade


@dataclass
class Sentence:
    """What a notification says: `words`, with the `title` of a thing in its `language`, and where to go."""

    words: str
    title: str = ""
    language: str = ""
    url: str = ""
    named: dict = field(default_factory=dict)

    @property
    def text(self):
        return self.words % (self.named | {"title": self.title})

    @property
    def html(self):
        mark = '<span lang="{}">{}</span>' if self.language else "<span>{1}</span>"
        put_in = {name: escape(value) for name, value in self.named.items()}
        put_in["title"] = format_html(mark, self.language, self.title)
        return mark_safe(escape(self.words) % put_in)  # Both are escaped, words and what is put in.


@dataclass(frozen=True)
class Wording:
    """How one thing is said: `titled`, or `plain` where it may not be read; `url(thing)` leads to it."""

    titled: str
    plain: str
    url: Callable = lambda thing: thing.get_absolute_url()
    # Where the sentence leads to whatever became of what it is about.
    elsewhere: str = ""
    named: Callable = lambda facts: {}

    def about(self, thing, facts):
        """Return the Sentence about `thing`, None where it may not be read."""
        named = self.named(facts)
        fallback = reverse(self.elsewhere) if self.elsewhere else ""
        if thing is None:
            return Sentence(str(self.plain), url=fallback, named=named)
        title, language = titled(thing)
        return Sentence(str(self.titled), title, language, self.url(thing) or fallback, named)


def titled(thing):
    """Return (title, language) of a report, a practice as its reader sees it, or a kept search."""
    if isinstance(thing, KeptSearch):
        return thing.name, ""
    if isinstance(thing, Practice):
        return thing.words.title, thing.words.language
    return str(thing), thing.language


def page(name, key="public_id"):
    return lambda thing: reverse(name, args=[getattr(thing, key)])


def part(anchor):
    return lambda thing: f"{thing.get_absolute_url()}#{anchor}"


def grades(facts):
    return {name: f"G{facts[name]} {Grade(facts[name]).label}" for name in ("before", "after")}


WORKBENCH = page("practices:workbench", "slug")
GONE = gettext_lazy("A practice you worked on, which you can no longer read, was decided on.")
REPORTS = {
    "to_be_read": Wording(
        gettext_lazy("A report waits for a curator: “%(title)s”"),
        gettext_lazy("A report waited for a curator. It is no longer there to be read."),
        elsewhere="practices:desk",
    ),
    "came_back": Wording(
        gettext_lazy("“%(title)s” came back to you: a curator says what to change"),
        gettext_lazy("A report of yours came back to you."),
        url=page("experiences:edit"),
        elsewhere="experiences:mine",
    ),
    "is_public": Wording(
        gettext_lazy("“%(title)s” is published: everybody can read it"),
        gettext_lazy("A report of yours was published."),
        elsewhere="experiences:mine",
    ),
    "question_asked": Wording(
        gettext_lazy("A reader asks you something about “%(title)s”"),
        gettext_lazy("A reader asked you something about a report of yours."),
        url=part("questions"),
        elsewhere="experiences:mine",
    ),
    "question_answered": Wording(
        gettext_lazy("Your question about “%(title)s” was answered"),
        gettext_lazy("A question you asked was answered, about a report that you can no longer read."),
        url=part("questions"),
    ),
    "still_holds": Wording(
        gettext_lazy("What has become of “%(title)s”? A verdict and a line are enough"),
        gettext_lazy("You were asked what has become of a report of yours."),
        url=part("follow-up"),
        elsewhere="experiences:mine",
    ),
    "cited": Wording(
        gettext_lazy("A practice cites your report “%(title)s”"),
        gettext_lazy("A practice cited a report of yours."),
        url=part("feeds"),
        elsewhere="experiences:mine",
    ),
    "read_first": Wording(
        gettext_lazy("Because of “%(title)s”, your next reports are read before they are published"),
        gettext_lazy("Your next reports are read before they are published."),
        elsewhere="experiences:mine",
    ),
    "published_at_once": Wording(
        gettext_lazy("Your next reports are published at once again"),
        gettext_lazy("Your next reports are published at once again"),
        elsewhere="experiences:mine",
    ),
    "lost_words": Wording(
        gettext_lazy("A moderator withheld words in “%(title)s”"),
        gettext_lazy("A moderator withheld words in a report of yours."),
        elsewhere="experiences:mine",
    ),
}
PRACTICES = {
    "moved": Wording(
        gettext_lazy("The grade of “%(title)s” moved from %(before)s to %(after)s"),
        gettext_lazy("The grade of a practice that you can no longer read moved."),
        url=part("past"),
        named=grades,
    ),
    "tried": Wording(
        gettext_lazy("Someone tried “%(title)s”"),
        gettext_lazy("Someone tried a practice that you can no longer read."),
        url=part("trials"),
    ),
    "practice-to_be_judged": Wording(
        gettext_lazy("“%(title)s” waits for a second curator"),
        gettext_lazy("A practice waited for a second curator."),
        url=WORKBENCH,
    ),
    "practice-came_back": Wording(
        gettext_lazy("“%(title)s” came back from review"),
        gettext_lazy("A practice you edited came back from review."),
        url=WORKBENCH,
    ),
    "practice-is_public": Wording(
        gettext_lazy("“%(title)s”, which you edited, is published"),
        gettext_lazy("A practice you edited was published."),
    ),
    "practice-lost_words": Wording(gettext_lazy("A moderator withheld words in “%(title)s”"), GONE),
    "practice-moderator-hidden": Wording(
        gettext_lazy("A moderator hid “%(title)s” until more is known"), GONE, WORKBENCH
    ),
    "practice-moderator-removed": Wording(gettext_lazy("A moderator took “%(title)s” down"), GONE, WORKBENCH),
    "practice-moderator-kept": Wording(gettext_lazy("“%(title)s” can be read again"), GONE, WORKBENCH),
    "practice-moderator-claim-removed": Wording(
        gettext_lazy("A moderator removed a claim of “%(title)s”"), GONE, WORKBENCH
    ),
    "practice-moderator-claim-kept": Wording(
        gettext_lazy("A claim of “%(title)s” stands again"), GONE, WORKBENCH
    ),
}
OTHERS = {
    "alarm_raised": (gettext_lazy("Something waits for a moderator"), "moderation"),
    "line_removed": (
        gettext_lazy("A moderator removed something you wrote: you find it, and why, in your data"),
        "accounts:data",
    ),
    "line_redacted": (
        gettext_lazy("A moderator withheld words of something you wrote: you find it in your data"),
        "accounts:data",
    ),
    "name_removed": (gettext_lazy("A moderator removed the name you show"), "accounts:me"),
}


def new_results(facts, search):
    words = ngettext(
        "%(n)s new or changed result in “%(title)s”",
        "%(n)s new or changed results in “%(title)s”",
        facts["number"],
    )
    if search is None:
        return Sentence(_("Something was new in a search that you kept."), url=reverse("following"))
    if search.followed_slug:
        return Sentence(
            _("“%(title)s”, which you follow, has changed"), search.name, "", search.get_absolute_url()
        )
    url = reverse("search_results", args=[search.public_id])
    return Sentence(words, search.name, "", url, {"n": facts["number"]})


def overdue(facts):
    words = ngettext(
        "%(n)s report has waited long for a curator, %(days)s days at most",
        "%(n)s reports have waited long for a curator, %(days)s days at most",
        facts["number"],
    )
    named = {"n": facts["number"], "days": facts["days"]}
    return Sentence(words, url=reverse("practices:desk"), named=named)


def with_sentences(notifications, member):
    """Give each of `notifications`, all of `member`, its `sentence`; as many queries for many as for few."""
    reports = {row.about for row in notifications if row.name in REPORTS}
    keys = {int(row.about) for row in notifications if row.name in PRACTICES}
    searches = {row.about for row in notifications if row.name == "new_results"}
    known = Experience.objects.visible_to(member).filter(public_id__in=reports).for_titles()
    practices = Practice.objects.visible_to(member).filter(pk__in=keys).select_related("current")
    kept = KeptSearch.objects.visible_to(member).filter(public_id__in=searches)
    things = {report.public_id: report for report in known} if reports else {}
    things |= {str(one.pk): one for one in practices} if keys else {}
    things |= {one.public_id: one for one in kept} if searches else {}
    for row in notifications:
        row.sentence = sentence_of(row, things.get(row.about))
    return notifications


def sentence_of(row, thing):
    """Return the Sentence of a notification about `thing`, None where its member may not read that."""
    wording = REPORTS.get(row.name) or PRACTICES.get(row.name)
    if wording:
        return wording.about(thing, row.facts)
    if row.name == "new_results":
        return new_results(row.facts, thing)
    if row.name == "overdue":
        return overdue(row.facts)
    words, where = OTHERS[row.name]
    return Sentence(str(words), url=reverse(where))
