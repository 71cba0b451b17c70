"""How often search finds a text that answers a question, in its own language and in the other.

Run by hand: `.venv/bin/python -m bench.retrieval`. It reads the real documents beside the project and works
in a database of its own, which it throws away.
"""

from bench.related import documents, in_own_database, publish_reports

FIRST = 5


def questions():
    return documents("retrieval")


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


def ranks(user):
    """Yield (question, rank of its answer, its rank among what is written in the other language)."""
    for question in questions():
        other = "fr" if question["query_language"] == "en" else "en"
        yield question, rank(question, found(question, user)), rank(question, found(question, user, other))


def main():
    from django.contrib.auth.models import AnonymousUser

    publish_reports(documents("reports"))
    told = list(ranks(AnonymousUser()))
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
