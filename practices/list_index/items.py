"""A practice as an item of a list, in the shape of the API: all but the long texts and the claims."""

from collections import Counter

from experiences.models import Experience
from practices.list_index.unwanted import unwanted_data


def item_of(practice, outcomes):
    """Return what an item tells of a published `practice` in whatever language it is asked for: all but where
    it is and its grade, which says sentences; `outcomes` as outcomes_data() takes them.
    """
    told = state_data(practice) | frozen_data(practice, practice.current)
    short = {name: value for name, value in told.items() if name not in practice.TEXTS}
    return short | outcomes_data(outcomes)


def state_data(practice):
    """Return what is known of a practice beside its words and its grade."""
    due = practice.review_due_on
    return {
        "review_due_on": due.isoformat() if due else None,
        "replaced_by": practice.heir_shown.slug if practice.heir_shown else None,
    }


def frozen_data(practice, version):
    """Return what a version says, as readers know of it."""
    return (
        words_data(version)
        | family_data(practice, version)
        | {
            "status": practice.public_status.value,
            "version": version.number,
            "published_on": version.published_at.date().isoformat(),
        }
    )


def words_data(words):
    """Return what a working copy or a version says."""
    contexts = {}
    for facet, slug in words.context_slugs:
        contexts.setdefault(facet, []).append(slug)
    said = {name: getattr(words, name) for name in words.WRITABLE}
    return said | {"stakes": words.stake_slugs, "contexts": contexts}


def family_data(practice, words):
    """Return what the words translate, and the translations of the practice that can be read."""
    followed, original = words.follows_version, practice.original_shown
    readable = [one for one in practice.translations.all() if one.is_open_to_readers]
    return {
        "translation_of": {"id": original.slug, "version": followed.number, "latest": original.current.number}
        if followed and original
        else None,
        "translations": [{"id": one.slug, "language": one.current.language} for one in readable],
    }


def outcomes_data(outcomes):
    """Count `outcomes`, (verdict, was it not followed, Effects) of each report, those apart that did
    otherwise.
    """
    return {
        "verdicts": verdicts_data(verdict for verdict, otherwise, _effects in outcomes if not otherwise),
        "not_followed": verdicts_data(verdict for verdict, otherwise, _effects in outcomes if otherwise),
        "unwanted": unwanted_data(effects for _verdict, otherwise, effects in outcomes if not otherwise),
    }


def verdicts_data(verdicts):
    """Count `verdicts`, one of each report, as {verdict: number} with every verdict named."""
    return dict.fromkeys(Experience.Verdict.values, 0) | Counter(verdicts)
