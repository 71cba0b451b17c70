"""The practices of a corpus: each with its versions, its claims, and the reports that they cite."""

from datetime import timedelta
from random import Random

from bench.scale.data.drawing import Drawn, at, some_day, twelve
from practices.models import Claim, Evidence, LogLine, Practice, PracticeVersion, Trial
from practices.models.practice.tagging import PracticeContext, PracticeStake

CITED, CLAIMS, TRIALS = 15, 3, 2  # under each practice
AGAIN = 3  # One of so many practices has a second version.
BEARINGS = Drawn({"supports": 70, "nuances": 20, "contradicts": 10})


def practice_rows(corpus, number, told):
    """Return the rows of practice `number`, which rests on some of the reports `told`, as lists."""
    random = Random(f"practice {number}")
    stakes = corpus.stakes.several(random, 2)
    fitting = [one for one in told if stakes[0] in one.stakes]
    fitting = (fitting + [one for one in told if stakes[0] not in one.stakes])[:CITED]
    practice = with_words(corpus, number, random)
    tags = ((PracticeStake, stakes), (PracticeContext, random.sample(fitting[0].contexts, 2)))
    practice.stake_slugs, practice.context_slugs = (sorted(tag.json_name for tag in some) for _, some in tags)
    versions = [version(corpus, practice, 1 + each) for each in range(1 + (number % AGAIN == 0))]
    practice.current = versions[-1]
    return [
        [practice],
        versions,
        *claims(corpus, practice, versions, fitting, random),
        *([model(content_object=practice, tag=tag) for tag in some] for model, some in tags),
        log(corpus, practice, versions),
        trials(corpus, practice, random),
    ]


def with_words(corpus, number, random):
    """Return practice `number` with its own columns."""
    language = random.choice(["en", "fr"])
    words, day = corpus.words[language], at(some_day(random))
    practice = Practice(
        pk=corpus.next_key(Practice), slug=f"bench-{number}", language=language,
        title=words.line(random, 6)[:200], summary=" ".join(words.prose(random, 40).split())[:600],
        status="published", edit_version=3, created_by=corpus.people["curator"], created_at=day,
        changed_at=day,
    )  # fmt: skip
    for part in Practice.TEXTS:
        setattr(practice, part, words.prose(random, 60))
    return practice


def version(corpus, practice, number):
    told = {part: getattr(practice, part) for part in (*Practice.WRITABLE, "stake_slugs", "context_slugs")}
    return PracticeVersion(
        pk=corpus.next_key(PracticeVersion), practice=practice, number=number, grade=2,
        published_at=practice.created_at + timedelta(days=20 * number),
        published_by=corpus.people["publisher"], **told,
    )  # fmt: skip


def claims(corpus, practice, versions, told, random):
    """Return the claims of the working copy and of each version, and the evidence under them, as lists."""
    found, evidence = [], []
    for position in range(CLAIMS):
        text, lasting = corpus.words[practice.language].line(random, 12), twelve(random)
        rows = [
            Evidence(report=one.report, excerpt=first_sentence(one.report.lessons), note="So it was.")
            for one in told[position::CLAIMS]
        ]
        for row in rows:
            row.bearing = BEARINGS.one(random)
        for frozen in (None, *versions):
            claim = Claim(
                pk=corpus.next_key(Claim), practice=practice, version=frozen, position=position, text=text,
                lasting_id=lasting,
            )  # fmt: skip
            found.append(claim)
            evidence += [row.copied_to(claim, cited_by=corpus.people["curator"]) for row in rows]
    return [found, evidence]


def log(corpus, practice, versions):
    published = [("published", corpus.people["publisher"], one.published_at) for one in versions]
    lines = [("created", corpus.people["curator"], practice.created_at), *published]
    return [
        LogLine(practice=practice, verb=verb, by=by, at=moment, after="published")
        for verb, by, moment in lines
    ]


def trials(corpus, practice, random):
    day = practice.created_at.date() + timedelta(days=60)
    return [
        Trial(
            public_id=twelve(random), practice=practice, by=member, verdict=corpus.verdicts.one(random),
            line=corpus.words[practice.language].line(random, 10)[:280], tried_on=day,
        )
        for member in random.sample(corpus.authors, TRIALS)
    ]  # fmt: skip


def first_sentence(text):
    return text.partition(".")[0] + "."
