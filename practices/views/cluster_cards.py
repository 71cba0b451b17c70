"""What a list shows of a cluster: what holds its reports together, and how they differ."""

from collections import Counter

from django.utils.crypto import get_random_string

from experiences.search import similarity
from experiences.views.verdict_counts import sentence, verdict_marks
from practices.models.cluster import shared_contexts, shared_stakes, suggested_title, with_voices

MOST_TITLES = 3  # beside the first: enough to tell what a cluster is about


def cluster_cards(clusters):
    """Return what a list shows of each of `clusters`."""
    return [_card(cluster, voice) for cluster, voice in with_voices(clusters)]


def _card(cluster, voice):
    """Return what a list shows of a cluster: what its reports share, and how they differ in verdict."""
    reports = cluster.reports
    numbers = Counter(report.verdict for report in reports)
    spoken = {report.language for report in reports}
    first, *others = reports
    return {
        "cluster": cluster,
        "reports": reports,
        "first": first,
        "others": len(others),
        "titles": others[:MOST_TITLES],
        "untitled": len(others[MOST_TITLES:]),
        "voice": voice and voice.label,
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
