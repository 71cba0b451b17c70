"""What people wrote: members, reports, practices and all that hangs under them, as rows not yet stored.

`Corpus(rows)` makes the same for the same number. What the site derives from it is not made here: its own
functions do that (load.py).
"""

from collections import namedtuple
from datetime import timedelta
from random import Random

from django.contrib.auth.models import Group
from django.db.models import Max
from taggit.models import Tag

from accounts.models import User
from bench.scale.data.drawing import FIRST_DAY, Drawn, at, month_before, some_day, twelve
from bench.scale.data.practices import practice_rows
from bench.scale.data.words import Words
from experiences.models import (
    Context,
    Effect,
    Experience,
    FollowUp,
    Measure,
    ReportContext,
    ReportKeyword,
    ReportStake,
    Revision,
    Situation,
    Source,
    Stake,
)
from experiences.models import LogLine as ReportLog
from experiences.models.fields import month_end
from experiences.models.report.parts import Parts
from practices.models import Claim, Practice, PracticeVersion

SEED = "retex"
BLOCK, PER_PRACTICE = 1000, 200  # reports made at once, and for each practice
STAKES, OTHER_FACETS, MOST_KEYWORDS = 3, 3, 3  # of a report
RARE, RARELY = 4, 35e-6  # so many stakes are those of so small a share of the reports
TOPICS = 40  # that the reports under one stake tell of
OWN, KEYWORDS = 50, 2000  # reports of the member who asks; keywords in all
PEOPLE = ("member", "writer", "curator", "publisher", "moderator")
GROUPS = {"curator": "Curators", "publisher": "Curators", "moderator": "Moderators"}
VERDICTS = {"worked": 35, "worked-in-part": 25, "no-effect": 12, "backfired": 8, "abandoned": 8}
VERDICTS["too-early"] = 12
SHARES = {"situation": 0.25, "action": 0.35, "result": 0.2, "lessons": 0.15, "enablers": 0.05}
# States of the reports beside the published ones, whose number does not grow with the rest.
UNPUBLISHED = {"submitted": 40, "draft": 20, "returned": 10, "withdrawn": 20}

Told = namedtuple("Told", "report stakes contexts keywords measures sources")


class Corpus:
    """`rows` published reports, and what belongs to them; the lists of terms are read from the database."""

    def __init__(self, rows):
        self.rows = rows
        self.words = {language: Words(language) for language in ("en", "fr")}
        # The rows may stand beside others, as in a test.
        models = (User, Experience, Practice, PracticeVersion, Claim, Tag)
        self.last = {model: model._base_manager.aggregate(pk=Max("pk"))["pk"] or 0 for model in models}
        self.stakes = self._stakes()
        self.facets = self._facets()
        self.effects = list(Effect.objects.all())
        self.verdicts = Drawn(VERDICTS)
        self.people, self.authors, self.keywords, self.topics = {}, [], [], {}

    @staticmethod
    def _stakes():
        stakes = list(Stake.objects.current())
        Random(SEED).shuffle(stakes)
        weights = {stake: (rank + 4) ** -0.8 for rank, stake in enumerate(stakes[:-RARE])}
        rare = sum(weights.values()) * RARELY / STAKES
        return Drawn(weights | dict.fromkeys(stakes[-RARE:], rare))

    @staticmethod
    def _facets():
        """Return {facet: its values}; of those that must be answered, some are unknown."""
        found = {}
        for context in Context.objects.current().select_related("facet"):
            if context.slug != Context.WITHHELD and (
                context.slug != Context.UNKNOWN or context.facet.required
            ):
                found.setdefault(context.facet, []).append(context)
        return {facet: Drawn(weights_of(values)) for facet, values in found.items()}

    def next_key(self, model):
        self.last[model] += 1
        return self.last[model]

    def everything(self):
        """Yield lists of rows, each of one model, in an order in which they can be stored."""
        yield self.members()
        yield [*self.roles(), self.tags()]
        for start in range(0, self.rows, BLOCK):
            yield self.block(range(start, min(start + BLOCK, self.rows)))
        yield self.unpublished()

    # --- People --------------------------------------------------------------------------------

    def members(self):
        random = Random(f"{SEED} members")
        number = max(20, self.rows // 40)
        offices = [self.words["en"].line(random, 2) for _each in range(max(8, number // 3))]
        for each in range(number):
            fields = {
                "display_name": self.words["en"].line(random, 1),
                "organisation": random.choice(offices),
            }
            self.authors.append(self._member(f"author{each}", **fields))
        for name in PEOPLE:
            self.people[name] = self._member(name, display_name=name.title(), organisation="Bench")
        return [[*self.authors, *self.people.values()]]

    def _member(self, name, **fields):
        address = f"{name}@bench.example.org"
        return User(pk=self.next_key(User), email=address, password="!", date_joined=at(FIRST_DAY), **fields)

    def roles(self):
        """Yield the rows that say what the people may do, and the situation of the member who asks."""
        groups = {group.name: group for group in Group.objects.all()}
        through = User.groups.through
        yield [through(user=self.people[name], group=groups[group]) for name, group in GROUPS.items()]
        random, situation = Random(f"{SEED} situation"), Situation(member=self.people["member"])
        situation.pk = 1 + (Situation.objects.aggregate(pk=Max("pk"))["pk"] or 0)
        situation.stated_on = FIRST_DAY
        yield [situation]
        through = Situation.contexts.through
        yield [through(situation=situation, context=context) for context in self._contexts(random)]

    def tags(self):
        words = self.words["en"].matter[1000 : 1000 + min(KEYWORDS, self.rows // 5)]
        rows = [Tag(pk=self.next_key(Tag), name=word, slug=word) for word in words]
        self.keywords = Drawn({tag: 1 / (rank + 5) for rank, tag in enumerate(rows)})
        return rows

    # --- Reports -------------------------------------------------------------------------------

    def block(self, numbers):
        """Return the rows of the published reports `numbers`, and of the practices that rest on them."""
        random = Random(f"{SEED} reports {numbers.start}")
        told = [self.tell(number, random) for number in numbers]
        lists = self.parts_of(told) + [[self._sent(one)] for one in told] + self._later(told, random)
        for start in range(0, len(told), PER_PRACTICE):
            number = (numbers.start + start) // PER_PRACTICE
            lists += practice_rows(self, number, told[start : start + PER_PRACTICE])
        return gathered(lists)

    def tell(self, number, random):
        """Return the published report `number` with its parts, as Told."""
        author, organisation = self._author(number, random)
        day = some_day(random)
        withheld = random.random() < 1 / 3 and author != self.people["writer"]
        published = at(day, random.randrange(86_400))
        stakes = self.stakes.several(random, STAKES)
        if number < RARE:  # Each rare stake is told of once at least, however few rows there are.
            stakes[-1] = self.stakes.values[-1 - number]
        report = self._words(random, stakes[0])
        report.author, report.organisation = author, organisation
        report.status, report.version = "published", 2
        report.identity = "withheld" if withheld else "named"
        report.submitted_at = report.published_at = published
        report.created_at = published - timedelta(days=random.randint(0, 40))
        changed = published + timedelta(days=random.randint(1, 50)) if random.random() < 0.1 else published
        report.changed_at = month_end(changed) if withheld else changed
        # Chance decides the order within a day, or a month; the number makes it unique.
        ordinal = (day.replace(day=1) if withheld else day).toordinal()
        report.order_key = (ordinal << 40) | (random.getrandbits(20) << 20) | number
        begun = month_before(day, random.randint(2, 18))
        report.started_on, report.ended_on = begun, month_before(day, random.choice([1, 1, 2]))
        measures, sources = self._evidence(report, random)
        keywords = self.keywords.several(random, random.randint(0, MOST_KEYWORDS))
        return Told(report, stakes, self._contexts(random), keywords, measures, sources)

    def _author(self, number, random):
        """Return the author of report `number` and their organisation; a few are in nobody's name."""
        author = random.choice(self.authors) if random.random() > 0.02 else None
        if number % max(1, self.rows // OWN) == 0:
            author = self.people["member"]
        elif number == 1:
            author = self.people["writer"]
        return author, author.organisation if author and random.random() < 0.9 else ""

    def _words(self, random, stake):
        """Return a report with its texts and verdict alone, about one of the topics of `stake`."""
        language = random.choice(["en", "en", "fr"])
        words, length = self.words[language], random.randint(200, 500)
        topic = self._topic(words, f"{stake.slug} {random.randrange(TOPICS)}")
        report = Experience(pk=self.next_key(Experience), public_id=twelve(random), language=language)
        report.title = words.line(random, random.randint(4, 12))[:200]
        for part, share in SHARES.items():
            setattr(report, part, words.prose(random, round(length * share), topic))
        report.verdict = self.verdicts.one(random)
        if random.random() < 0.3:
            report.effort_people, report.effort_weeks = random.randint(1, 8), random.randint(1, 40)
        if random.random() < 0.06:
            report.comparison = words.prose(random, 30)
        return report

    def _topic(self, words, name):
        if (words, name) not in self.topics:
            self.topics[words, name] = words.topic(name)
        return self.topics[words, name]

    def _contexts(self, random):
        required = [facet for facet in self.facets if facet.required]
        others = random.sample([facet for facet in self.facets if not facet.required], OTHER_FACETS)
        found = []
        for facet in [*required, *others]:
            number = 2 if facet.most > 1 and random.random() < 0.15 else 1
            found += self.facets[facet].several(random, number)
        return found

    def _evidence(self, report, random):
        """Return what decides the strength of a report: its measures and its sources."""
        measures, sources = [], []
        if random.random() < 0.25:
            full = {"before": "10", "after": "20", "source": "logs"} if random.random() < 0.6 else {}
            effect, direction = random.choice(self.effects), random.choice(["up", "down", "same"])
            measures.append(Measure(report_id=report.pk, effect=effect, direction=direction, **full))
        if random.random() < 0.3:
            address = f"https://example.org/{report.public_id}"
            sources.append(Source(report_id=report.pk, url=address, label="Figures"))
        return measures, sources

    @staticmethod
    def parts_of(told):
        """Return the rows of reports and of their parts, as lists."""
        ties = ((ReportStake, "stakes"), (ReportContext, "contexts"), (ReportKeyword, "keywords"))
        lists = [[one.report for one in told]]
        for model, part in ties:
            lists.append(
                [
                    model(content_object_id=one.report.pk, tag=tag)
                    for one in told
                    for tag in getattr(one, part)
                ]
            )
        return lists + [
            [row for one in told for row in one.measures],
            [row for one in told for row in one.sources],
        ]

    @staticmethod
    def _sent(told):
        """Return the line of its log that says a report was sent and published at once."""
        report = told.report
        return ReportLog(
            report_id=report.pk, at=report.published_at, by=report.author, verb="submitted", before="draft",
            after="published",
        )  # fmt: skip

    def _later(self, told, random):
        """Return what was kept of reports, and what became of some of them, as lists."""
        revisions, follow_ups = [], []
        for report, stakes, contexts, keywords, *rows in told:
            report.parts = Parts(stakes, contexts, [tag.name for tag in keywords], *rows)
            revisions.append(
                Revision(
                    report_id=report.pk,
                    public_id=twelve(random),
                    number=report.version,
                    kind="published",
                    at=report.published_at,
                    told=report.snapshot(),
                )
            )
            report.parts = None
            if random.random() < 0.05:
                day = report.published_at.date() + timedelta(days=random.randint(30, 120))
                row = FollowUp(report_id=report.pk, public_id=twelve(random), told_on=day)
                row.verdict = self.verdicts.one(random)
                row.text = self.words[report.language].prose(random, 30)
                follow_ups.append(row)
        return [revisions, follow_ups]

    def unpublished(self):
        """Return rows of reports in the other states, fewer where there are few reports in all."""
        random, told = Random(f"{SEED} unpublished"), []
        for status, number in UNPUBLISHED.items():
            for _each in range(min(number, self.rows // 50)):
                one = self.tell(self.rows + len(told), random)
                one.report.status, one.report.order_key = status, None
                one.report.author = random.choice(self.authors)
                one.report.published_at = None
                if status == "withdrawn":
                    one.report.published_at = one.report.submitted_at
                told.append(one)
        return gathered(self.parts_of(told))


def weights_of(contexts):
    """Return {context: weight} of the values of one facet: the first are commonest, few are unknown."""
    return {
        one: 0.1 if one.slug == Context.UNKNOWN else (rank + 1) ** -0.7 for rank, one in enumerate(contexts)
    }


def gathered(lists):
    """Return `lists` of rows with those of one model together, in the order in which models come first."""
    found = {}
    for rows in lists:
        for row in rows:
            found.setdefault(type(row), []).append(row)
    return list(found.values())
