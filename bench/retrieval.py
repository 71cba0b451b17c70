"""How often search finds a text that answers a question, in its own language and in the other.

Run by hand: `.venv/bin/python -m bench.retrieval`. It reads the real documents beside the project and works
in a database of its own, which it throws away. Where requirements-semantic.txt is installed, it asks again by
what questions mean, and says what that takes; to make the vectors takes some minutes.
"""

import csv
from pathlib import Path
from statistics import median
from time import process_time

from bench.related import documents, in_own_database, publish_reports

FIRST = 5
OTHER = {"en": "fr", "fr": "en"}


def questions():
    return documents("retrieval")


def translated_questions():
    """Return the same questions in the other language: few find their answer by words."""
    with Path(__file__).with_name("translated_questions.csv").open(encoding="utf-8") as file:
        translated = {row["qid"]: row["query"] for row in csv.DictReader(file)}
    for one in questions():
        language, query = OTHER[one["query_language"]], translated[one["qid"]]
        is_across = language not in one["doc_languages"]
        yield one | {"query": query, "query_language": language, "cross_language": is_across}


def found(question, user, language=""):
    """Return the sources of the first reports that `question` finds, written in `language` if given."""
    from django.http import QueryDict

    from experiences.models import Experience
    from experiences.search.reports import ReportFilterSet

    asked = QueryDict(mutable=True)
    asked.update({"q": question["query"]} | ({"language": language} if language else {}))
    keys = [row.pk for row in ReportFilterSet(asked, user, situation=None).page().rows]
    named = dict(Experience.objects.filter(pk__in=keys).values_list("pk", "source_id"))
    return [named[key] for key in keys]


def rank(question, sources):
    """Return at which place the first answer stands among `sources`, from 1; 0 if none does."""
    answers = {*question["relevant_ids"], *question["also_acceptable_ids"]}
    return next((place for place, source in enumerate(sources, 1) if source in answers), 0)


def ranks(user, asked=None):
    """Yield (question, rank of its answer, its rank among what is written in the other language)."""
    for question in asked or questions():
        other = OTHER[question["query_language"]]
        yield question, rank(question, found(question, user)), rank(question, found(question, user, other))


def main():
    from django.contrib.auth.models import AnonymousUser

    from experiences.meaning.model import model

    publish_reports(documents("reports"))
    tell_both(AnonymousUser(), "By words")
    if model():
        make_all_vectors()
        tell_both(AnonymousUser(), "By words and meaning")
        tell_times(model())


def tell_both(user, how):
    print(f"{how}:")
    tell(list(ranks(user)))
    print(f"{how}, each question in the other language:")
    tell(list(ranks(user, translated_questions())))


def make_all_vectors():
    from practices.tasks.vectors import make_vectors

    start = process_time()
    number = sum(iter(make_vectors, 0))
    print(f"{number} vectors made, {(process_time() - start) / max(1, number):.2f} s each")


def tell_times(model):
    """Tell what the vector of a question takes, and comparing it with those of all documents."""
    from experiences.meaning.held import vectors
    from experiences.search.reports import ReportFilterSet

    held = vectors(ReportFilterSet.index, ReportFilterSet.listed.held, model)
    asked = [f"{one['query']} " for one in questions()]  # With a blank, none was asked before.
    told = [times(lambda one=one: held.nearness(model.vector_of(one))) for one in asked]
    again = [times(lambda one=one: held.nearness(model.vector_of(one))) for one in asked]
    print(f"A question takes {median(told) - median(again):.1f} ms, comparing it {median(again):.2f} ms")


def times(work):
    start = process_time()
    work()
    return (process_time() - start) * 1000


def tell(told):
    """Tell how often an answer was found, of [(question, its rank, its rank in the other language)]."""
    groups = {
        "all": told,
        "English": [one for one in told if one[0]["query_language"] == "en"],
        "French": [one for one in told if one[0]["query_language"] == "fr"],
        "with slips": [one for one in told if one[0]["noisy"]],
        "own language": [one for one in told if not one[0]["cross_language"]],
        "other language": [one for one in told if one[0]["cross_language"]],
    }
    for name, some in groups.items():
        first = sum(0 < one <= FIRST for _question, one, _other in some)
        either = sum(0 < one <= FIRST or 0 < other <= FIRST for _question, one, other in some)
        mrr = sum(1 / one for _question, one, _other in some if one) / max(1, len(some))
        print(
            f"{name}: {len(some)} asked, {first} answered in the first {FIRST},"
            f" {either} with those beside them in the other language; MRR {mrr:.3f}"
        )
    for question, one, other in told:
        if not 0 < one <= FIRST:
            print(f"  {question['qid']}: {one or 'none'}, in the other language {other or 'none'}")


if __name__ == "__main__":
    in_own_database(main)
