"""What a list shows of a cluster: what holds its reports together, and how they differ."""

from collections import Counter

from django.utils.crypto import get_random_string

from experiences.search import similarity
from experiences.views.verdict_counts import sentence, verdict_marks
from practices.models import Cluster, Clustering


def cluster_card(cluster):
    """Return what a list shows of a cluster: what its reports share, and how they differ in verdict."""
    reports = [member.report for member in cluster.shown]
    numbers = Counter(report.verdict for report in reports)
    spoken = {report.language for report in reports}
    return {
        "cluster": cluster,
        "reports": reports,
        "languages": [
            {"code": code, "words": ", ".join(words)}
            for code, words in cluster.terms.items()
            if code in spoken
        ],
        "stakes": [cluster.stake, *sorted(shared_stakes(reports) - {cluster.stake}, key=str)],
        "contexts": [similarity.context_label(context) for context in shared_contexts(reports)],
        "counts": verdict_marks(numbers),
        "sentence": sentence(numbers),
        "title": suggested_title(cluster, reports),
        "key": get_random_string(32),
    }


def shared_stakes(reports):
    return set.intersection(*({*report.stakes.all()} for report in reports))


def shared_contexts(reports):
    """Return the contexts that all the reports are known to have."""
    having = ({context for context in report.contexts.all() if context.is_known} for report in reports)
    shared = set.intersection(*having)
    return sorted(shared, key=lambda context: (context.facet.position, context.position))


def language_of(reports):
    """Return the language most of the reports are written in."""
    numbers = Counter(report.language for report in reports)
    return min(numbers, key=lambda language: (-numbers[language], language))


def suggested_title(cluster, reports):
    """Return a title to begin with, until a curator finds the imperative."""
    words = cluster.terms.get(language_of(reports)) or next(iter(cluster.terms.values()))
    title = ", ".join(words)
    return title[:1].upper() + title[1:]


def clusters_for(user):
    return Cluster.objects.visible_to(user).standing().for_list()


def last_grouped():
    """Return the day reports were last grouped, or None."""
    return Clustering.objects.exclude(ended_at=None).values_list("ended_at", flat=True).first()
