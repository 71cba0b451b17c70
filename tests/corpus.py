"""A small heap of made reports on a few things, for what groups and distils them."""

from itertools import count

from tests.conftest import make_person
from tests.factories import make_report

numbers = count()

BUDDIES = [
    {
        "title": "A buddy for every newcomer",
        "situation": "Newcomers signed up and never wrote. Zephyrine looked at the figures.",
        "action": "We gave each newcomer a buddy, who wrote a welcome message on the first day.",
        "result": "Six newcomers in ten wrote a first post. Buddies asked for a rest after two months.",
        "lessons": "Ask buddies for one month at a time.",
        "verdict": "worked",
    },
    {
        "title": "Buddies who forgot to write",
        "situation": "The welcome message went unread, and newcomers stayed silent.",
        "action": "Twelve buddies promised to write to a newcomer each week, as Zephyrine had asked.",
        "result": "Half of the buddies forgot. The newcomers who had a buddy wrote no more than others.",
        "lessons": "A buddy needs a reminder.",
        "verdict": "no-effect",
    },
    {
        "title": "Two weeks with a buddy",
        "situation": "Newcomers did not dare to post, and no welcome helped.",
        "action": "A buddy read the first post of a newcomer before it was sent, for two weeks.",
        "result": "The buddies liked it; newcomers posted sooner, said Zephyrine.",
        "lessons": "Two weeks of a buddy are enough.",
        "verdict": "worked-in-part",
    },
]
BADGES = [
    {
        "title": "Badges that nobody wanted",
        "situation": "Few members answered questions in the forum.",
        "action": "We handed out gold and silver badges to those who answered most.",
        "result": "Three people chased the badges with empty answers.",
        "lessons": "Never show a ranking of badges.",
        "verdict": "backfired",
    },
    {
        "title": "A leaderboard of badges",
        "situation": "Answers came late.",
        "action": "A leaderboard counted gold badges each month.",
        "result": "Answers came sooner, and emptier: the leaderboard rewarded speed.",
        "lessons": "Take the leaderboard down, keep the badges.",
        "verdict": "no-effect",
    },
    {
        "title": "Badges given by members",
        "situation": "Nobody looked at the leaderboard of badges.",
        "action": "Members gave a badge to whoever had helped them, with a sentence.",
        "result": "Gold badges went to quiet helpers.",
        "lessons": "A badge with a sentence is kept.",
        "verdict": "worked",
    },
]
PARRAINS = [
    {
        "title": "Un parrain pour chaque nouveau",
        "language": "fr",
        "situation": "Les nouveaux inscrits n’écrivaient jamais.",
        "action": "Chaque nouvel inscrit a reçu un parrain, qui lui écrivait un mot d’accueil.",
        "result": "Un inscrit sur deux a écrit. Les parrains se sont lassés.",
        "lessons": "Demander un mois à un parrain, pas davantage.",
        "verdict": "worked",
    },
    {
        "title": "Des parrains sans nouvelles",
        "language": "fr",
        "situation": "Le mot d’accueil restait sans réponse des inscrits.",
        "action": "Dix parrains devaient appeler un inscrit par semaine.",
        "result": "Les parrains ont renoncé au bout d’un mois.",
        "lessons": "Un parrain écrit, il n’appelle pas.",
        "verdict": "abandoned",
    },
]
NOTICES = [
    {
        "title": "A newsletter about the migration",
        "situation": "The migration of the forum worried members: conversations, signatures, documents.",
        "action": "A newsletter announced the migration, document after document, with illustrations.",
        "result": "Tension stayed low, and the transition of documents was calm.",
        "lessons": "A newsletter with illustrations calms tension.",
        "verdict": "worked",
    },
    {
        "title": "Une newsletter sur la migration",
        "language": "fr",
        "situation": "La migration du forum inquiétait : conversations, signatures, documents.",
        "action": "Une newsletter annonçait la migration, document après document, avec des illustrations.",
        "result": "La tension est restée basse, et la transition des documents calme.",
        "lessons": "Une newsletter avec des illustrations calme la tension.",
        "verdict": "worked-in-part",
    },
]


def told(reviewer, *topics, **overrides):
    """Publish the reports of `topics` (all but NOTICES), each by someone else; return {title: report}."""
    rows = [row for topic in topics or (BUDDIES, BADGES, PARRAINS) for row in topic]
    return {row["title"]: tell(reviewer, row, **overrides) for row in rows}


def tell(reviewer, row, author=None, **overrides):
    """Publish one report, by someone new if no `author` is given."""
    author = author or make_person(f"author{next(numbers)}")
    return make_report(author, reviewer, **({"stakes_": ("first-steps",)} | row | overrides))
