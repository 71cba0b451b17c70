"""How often the nearest practices are the right ones, and the related report the nearer one.

Run by hand: `.venv/bin/python -m bench.related`. It reads the real documents beside the project and
works in a database of its own, which it throws away.

Practices are patterns of others, indexed by their own words; what is known of their use ("known
instances") and their stories are left out of the index, and then asked about.
"""

import json
import os
from collections import Counter
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from experiences.text.stemming import stems
from experiences.text.telling_words import telling_stems

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FEWEST_WORDS = 8  # “Nike Inc.” says nothing of a practice: such instances are counted apart.
TEXTS = {"why": ("problem", "rationale"), "how": ("solution", "resulting_context")}
TEXTS |= {"applies_when": ("context",), "pitfalls": ("forces",)}


def documents(name):
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def patterns():
    """Return the patterns with known instances."""
    return [one for one in documents("patterns") if one["known_instances"]]


# --- Stakes, guessed -------------------------------------------------------------------------------


class Guess:
    """A first guess at what is at stake in a text: the stakes whose names and synonyms it says most."""

    def __init__(self):
        from experiences.models import Stake

        self.stakes = list(Stake.objects.all())
        self.said = {language: self._said(language) for language in ("en", "fr")}

    def _said(self, language):
        """Return {stake: its stems}, and how rare each stem is among the stakes."""
        of = {stake: set(self._stems(stake, language)) for stake in self.stakes}
        number = Counter(one for found in of.values() for one in found)
        return of, {one: log(len(of) / times) for one, times in number.items()}

    @staticmethod
    def _stems(stake, language):
        text = f"{getattr(stake, f'name_{language}')} {getattr(stake, f'synonyms_{language}')}"
        return telling_stems(text, language)

    def __call__(self, text, language, most=2):
        told = Counter(stems(text, language).split())
        of, rarity = self.said[language]
        scores = {
            stake: sum(rarity[one] * log(1 + told[one]) for one in found) / len(found) ** 0.5
            for stake, found in of.items()
        }
        return sorted(self.stakes, key=lambda stake: -scores[stake])[:most]


# --- Practices -------------------------------------------------------------------------------------


def publish_practices(found, *, by, publisher):
    """Publish the patterns `found` as practices; return {id: Practice}."""
    guess = Guess()
    return {one["id"]: publish_practice(one, guess, by=by, publisher=publisher) for one in found}


def publish_practice(pattern, guess, *, by, publisher):
    from experiences.models.report.parts import Parts
    from practices.models import Practice

    texts = {name: "\n\n".join(pattern[key] or "" for key in keys).strip() for name, keys in TEXTS.items()}
    summary = " ".join((pattern["patlet"] or pattern["problem"]).split())[:600]
    practice = Practice(title=pattern["title"], summary=summary, **texts)
    practice.parts = Parts(stakes=guess(f"{pattern['title']} {summary} {texts['why']}", "en"))
    practice.write(by=by)
    practice.add_claim(by=by, kind="do-this", text=pattern["title"], opinion=True)
    practice.submit(by=by)
    return practice.publish(by=publisher)


def instances(found, fewest=FEWEST_WORDS):
    """Yield (id, text) for each known instance that says at least so many words that carry matter."""
    from experiences.search.related import Subject

    for pattern in found:
        for text in pattern["known_instances"]:
            if len(Subject(text, "en").said) >= fewest:
                yield pattern["id"], text


def hits(asked, practices, user):
    """Return (asked, found first, found in the first three) for (id, text) in `asked`."""
    from experiences.search.related import Subject
    from practices.search.related import related_practices

    asked = list(asked)
    first = among = 0
    for wanted, text in asked:
        keys = [near.row.pk for near in related_practices(Subject(text, "en"), user)]
        first += keys[:1] == [practices[wanted].pk]
        among += practices[wanted].pk in keys
    return len(asked), first, among


# --- Reports ---------------------------------------------------------------------------------------


def publish_reports(found):
    """Publish the documents `found` as reports nobody signed, stakes guessed; return {id: Experience}."""
    guess = Guess()
    return {one["id"]: publish_report(one, guess) for one in found}


def publish_report(document, guess):
    from experiences.models import Context, Experience
    from experiences.models.report.parts import Parts

    text = document["body_markdown"][:80_000]
    report = Experience(
        title=document["title"][:200], language=document["language"], situation=text, action="–", result="–",
        verdict="too-early", source_id=document["id"],
    )  # fmt: skip
    unknown = Context.objects.filter(slug=Context.UNKNOWN, facet__required=True).select_related("facet")
    report.parts = Parts(stakes=guess(text, document["language"]), contexts=list(unknown))
    return report.write(by=None).publish_imported()


def in_triples():
    """Return the documents that the triples speak of."""
    named = {value for one in documents("related") for key, value in one.items() if key.endswith("_id")}
    return [one for one in documents("reports") if one["id"] in named]


def triples(reports, user):
    """Yield (anchor, related, unrelated, is the related one nearer, their ranks) for each triple."""
    from django.http import QueryDict

    from experiences.search.related import RelatedSearch, Subject
    from experiences.search.reports import ReportFilterSet

    for one in documents("related"):
        names = [one[f"{part}_id"] for part in ("anchor", "related", "unrelated")]
        anchor, related, unrelated = (reports[name].pk for name in names)
        filterset = ReportFilterSet(QueryDict(), user=user)
        rows = filterset.all().exclude(pk=anchor)
        keys = RelatedSearch(filterset, rows, Subject.of(reports[names[0]])).keys
        ranks = [keys.index(pk) if pk in keys else len(keys) for pk in (related, unrelated)]
        yield *names, ranks[0] < ranks[1], ranks


# --- By hand ---------------------------------------------------------------------------------------


def main():
    from django.contrib.auth.models import AnonymousUser, Group

    from accounts.models import User

    carol, chris = (User.objects.create_user(f"{name}@example.org", "-" * 20) for name in ("carol", "chris"))
    for curator in (carol, chris):
        curator.groups.set(Group.objects.filter(name="Curators"))
    anyone = AnonymousUser()
    found = patterns()
    practices = publish_practices(found, by=carol, publisher=chris)
    whole = [(one["id"], "\n".join(one["known_instances"])) for one in found]
    asked = {
        "instances that say something": instances(found),
        "instances, all of them": instances(found, 0),
        "all instances of a pattern at once": whole,
        "stories": [(one["id"], one["story"]) for one in found if one["story"]],
    }
    for name, texts in asked.items():
        number, first, among = hits(texts, practices, anyone)
        print(
            f"{name}: {number} asked, {first / number:.0%} found first,"
            f" {among / number:.0%} in the first three"
        )
    reports = publish_reports(documents("reports"))
    told = list(triples(reports, anyone))
    print(f"related reports: {sum(row[3] for row in told)} of {len(told)} nearer than the unrelated one")
    for anchor, related, unrelated, nearer, ranks in told:
        print(f"  {'yes' if nearer else 'NO '} {ranks} {anchor}: {related} / {unrelated}")


def in_own_database(work):
    """Do `work` in a database, and an index for search, that are thrown away."""
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/near.sqlite3"
        os.environ["SEARCH_DIR"] = f"{folder}/search"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_vocabulary")
        work()


if __name__ == "__main__":
    in_own_database(main)
