"""Group the reports that no practice uses yet: a job, never part of a request.

Under each stake the reports of one language are compared by their stems (TF-IDF and cosine), and
joined by average linkage while a group stays CLOSE and small enough to be read side by side. Words
that are nearly always capitalised are left out: names would group reports by who tells them, where
what was tried is sought, and would put names in front of curators.

English and French share no stems to speak of, so the stake is the bridge: each language is grouped
by itself. A group of one language is then joined to one of the other under the same stake only
where they are each other's nearest by the words that both languages write alike (newsletter,
décision, conflict…). On 23 reports with a known translation among 282 others, that likeness is .58 or
more for nine in ten and puts each translation first; it is under .28 for 99 of 100 other pairs. Groups
without such a partner stay apart, and stand side by side under their stake.

The work is bounded by NEWEST reports for each stake and language, whatever the number of reports:
what curators distil or set aside makes room for older ones. Only the command that runs the job imports
this module, in a process of its own: no server and no worker carries the weight of scikit-learn.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

import numpy
from django.db import transaction
from django.db.models import Exists, OuterRef
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer
from sklearn.preprocessing import normalize

from experiences.models import Experience, Stake
from experiences.text.stemming import stem
from practices.models import Cluster, Dismissal, Member
from practices.models.cluster import LEAST, unused
from practices.tasks.cluster_terms import ALIKE_FROM, report_texts, spoken, terms_of

NEWEST = 250  # reports of one stake and language that are compared with each other
MOST_REPORTS = 12  # in a group: more cannot be read side by side
MOST_GROUPS = 5  # of a stake, the biggest: the others come up when these are done
HEAVIEST = 120  # stems by which a report is compared: else long texts all look alike, and short ones do not
CLOSE = 0.9  # cosine distance within a group, on average; chosen on made reports and on real texts
CLOSE_PAIR = 0.82  # of two reports alone: what they share may be chance where no third one shares it
LIKE_A_TRANSLATION = 0.45  # cosine between two groups of two languages, by words written alike
FEWEST_ALIKE = 5  # such words in both groups: one or two would be chance
COMMON = 0.4  # A word in more reports than this share says nothing of any group,
MANY = 20  # once there are so many reports.


@dataclass(eq=False)
class Group:
    """Reports under one stake that tell of alike things, by language."""

    stake: Stake
    parts: dict  # {language: [key of a report, …]}
    terms: dict = field(default_factory=dict)  # {language: [word, …]}

    @property
    def keys(self):
        return [key for part in self.parts.values() for key in part]


def cluster_reports():
    """Find the groups anew and store them; return how many there are."""
    stakes = list(Stake.objects.all())
    pools = {
        language: {stake.pk: candidates(stake, language) for stake in stakes}
        for language in Experience.Language.values
    }
    corpora = {language: Corpus(language, pool) for language, pool in pools.items() if any(pool.values())}
    bridge, groups = Bridge(corpora), []
    for stake in stakes:
        parts = {language: corpus.parts(pools[language][stake.pk]) for language, corpus in corpora.items()}
        groups += groups_of(stake, parts, bridge)
    kept = without_repeats(groups)
    for group in kept:
        group.parts = {
            language: corpora[language].most_alike_first(part) for language, part in group.parts.items()
        }
        group.terms = terms_of(group, corpora)
    return store([group for group in kept if group.terms])


def candidates(stake, language):
    """Return the keys of the newest reports under `stake` in `language` that wait for a practice."""
    waiting = unused(Experience.objects.filter(language=language, stake_links__tag=stake))
    aside = Dismissal.objects.filter(report=OuterRef("pk"), stake=stake)
    found = waiting.filter(~Exists(aside)).order_by("-order_key")
    return list(found.values_list("pk", flat=True)[:NEWEST])


# --- Reports as vectors ----------------------------------------------------------------------------


class Corpus:
    """The reports of one language as vectors of the stems they hold."""

    def __init__(self, language, pool):
        self.language = language
        self.empty = {stem(word, language) for word in ENGLISH_STOP_WORDS} if language == "en" else set()
        self.rows, self.capitals = {}, defaultdict(lambda: [0, 0])
        keys = {key for some in pool.values() for key in some}
        # In one order, whatever order the database gives: the same reports make the same groups.
        order = Experience.objects.filter(pk__in=keys).order_by("-order_key").values_list("pk", flat=True)
        counter = CountVectorizer(analyzer=self._stems)
        counts = counter.fit_transform(report_texts(list(order))).astype(float)
        stems = counter.get_feature_names_out().tolist()
        having = counts.getnnz(axis=0).tolist()
        self.columns = {one: column for column, one in enumerate(stems)}
        self.weights = [self._weight(one, number) for one, number in zip(stems, having, strict=True)]
        counts.data = 1 + numpy.log(counts.data)
        self.vectors = normalize(counts.multiply(self.weights).tocsr())
        self.gist = gist(self.vectors)

    def _stems(self, report):
        self.rows[report.pk] = len(self.rows)
        found = []
        for one in spoken(report):
            found.append(one.stem)
            if not one.begins:
                self.capitals[one.stem][one.word[0].isupper()] += 1
        return found or [""]

    def _weight(self, one, having):
        """Return what a stem counts: more where few have it, nothing for names and for what all say."""
        small, capital = self.capitals.get(one, (0, 0))
        total = len(self.rows)
        said_by_all = total >= MANY and having > COMMON * total
        if not one or one in self.empty or capital > 2 * small or said_by_all:
            return 0
        return 1 + log((1 + total) / (1 + having))

    def weight(self, one):
        return self.weights[self.columns[one]] if one in self.columns else 0

    def parts(self, keys):
        """Return `keys` in groups that are CLOSE, those that stay alone included."""
        keys = [key for key in keys if key in self.rows]  # One may have been erased meanwhile.
        if len(keys) < LEAST:
            return [[key] for key in keys]
        distances = (1 - self._likeness(keys)).clip(0)
        return [[keys[number] for number in part] for part in linked(distances)]

    def most_alike_first(self, keys):
        """Return `keys` in order: first the report that the others are nearest to, on average."""
        likeness = self._likeness(keys).sum(axis=0).round(6).tolist()  # round: ties stay in order
        return [key for _like, key in sorted(zip(likeness, keys, strict=True), key=lambda pair: -pair[0])]

    def _likeness(self, keys):
        rows = self.gist[[self.rows[key] for key in keys]]
        return (rows @ rows.T).toarray()


def gist(vectors):
    """Return `vectors` with nothing but the HEAVIEST stems of each report, at length 1."""
    kept = vectors.copy()
    for start, end in pairwise(kept.indptr):
        weights = kept.data[start:end]
        if len(weights) > HEAVIEST:
            weights[weights < numpy.partition(weights, -HEAVIEST)[-HEAVIEST]] = 0
    kept.eliminate_zeros()
    return normalize(kept)


def linked(distances):
    """Return the numbers of the rows in groups: the largest that are CLOSE and not too many; two alone
    must be a CLOSE_PAIR.
    """
    tree = AgglomerativeClustering(
        n_clusters=None, distance_threshold=0, metric="precomputed", linkage="average"
    ).fit(distances)
    parts = {number: [number] for number in range(len(distances))}
    far = set()  # pairs that stay apart unless a third row joins them
    for number, (pair, distance) in enumerate(
        zip(tree.children_.tolist(), tree.distances_, strict=True), len(distances)
    ):
        joined = [parts.get(one) for one in pair]
        if all(joined) and distance <= CLOSE and sum(map(len, joined)) <= MOST_REPORTS:
            parts[number] = sorted(joined[0] + joined[1])
            if len(parts[number]) == LEAST and distance > CLOSE_PAIR:
                far.add(number)
            for one in pair:
                del parts[one]
    split = ([[row] for row in part] if number in far else [part] for number, part in parts.items())
    return sorted(part for some in split for part in some)


# --- Two languages ---------------------------------------------------------------------------------


class Bridge:
    """Between two languages, what they have alike: words that mean something, written the same in both."""

    def __init__(self, corpora):
        self.corpora = corpora
        weighty = [
            {one for one in corpus.columns if len(one) >= ALIKE_FROM and corpus.weight(one)}
            for corpus in corpora.values()
        ]
        alike = sorted(set.intersection(*weighty)) if len(corpora) > 1 else []
        self.spans = bool(alike)
        self.vectors = {
            language: corpus.vectors[:, [corpus.columns[one] for one in alike]]
            for language, corpus in corpora.items()
        }

    def partners(self, parts):
        """Return [(English part, French part)] that are LIKE_A_TRANSLATION and each other's nearest."""
        if not (self.spans and all(parts.values())):
            return []
        english, french = (self._means(language, parts[language]) for language in ("en", "fr"))
        shared = (english > 0).astype(int) @ (french > 0).astype(int).T
        likeness = (english @ french.T) * (shared >= FEWEST_ALIKE)
        found = []
        for number, other in enumerate(likeness.argmax(axis=1).tolist()):
            mutual = likeness[:, other].argmax() == number
            if mutual and likeness[number, other] >= LIKE_A_TRANSLATION:
                found.append((parts["en"][number], parts["fr"][other]))
        return found

    def _means(self, language, parts):
        """Return one row for each part: where its reports point on average, at length 1."""
        rows = self.corpora[language].rows
        means = [self.vectors[language][[rows[key] for key in part]].mean(axis=0) for part in parts]
        return normalize(numpy.vstack([numpy.asarray(mean) for mean in means]))


def groups_of(stake, parts, bridge):
    """Return the groups of one stake, the biggest first: each language's, some joined to the other's."""
    found = [Group(stake, {"en": english, "fr": french}) for english, french in bridge.partners(parts)]
    taken = {key for group in found for key in group.keys}
    for language, some in parts.items():
        found += [Group(stake, {language: part}) for part in some if not taken.intersection(part)]
    found = [group for group in found if len(group.keys) >= LEAST]
    return sorted(found, key=lambda group: -len(group.keys))[:MOST_GROUPS]


def without_repeats(groups):
    """Leave out a group whose reports are all in another: reports may share several stakes."""
    kept, having = [], defaultdict(list)
    for group in sorted(groups, key=lambda group: -len(group.keys)):
        keys = set(group.keys)
        if not any(keys <= other for other in having[group.keys[0]]):
            kept.append(group)
            for key in keys:
                having[key].append(keys)
    return kept


# --- What is kept ----------------------------------------------------------------------------------


@transaction.atomic
def store(groups):
    """Make the clusters those that were found; one that is half the same keeps its address."""
    before = defaultdict(list)
    for cluster in Cluster.objects.order_by("pk").prefetch_related("members"):
        before[cluster.stake_id].append((cluster, {member.report_id for member in cluster.members.all()}))
    grouped = Experience.objects.filter(pk__in={key for one in groups for key in one.keys})
    there = set(grouped.values_list("pk", flat=True))  # One may have been erased meanwhile.
    kept = []
    for group in groups:
        cluster = successor(group, before[group.stake.pk]) or Cluster(stake=group.stake)
        cluster.terms = group.terms
        cluster.save()
        cluster.members.all().delete()
        Member.objects.bulk_create(
            Member(cluster=cluster, report_id=key, position=number)
            for number, key in enumerate(group.keys)
            if key in there
        )
        kept.append(cluster.pk)
    Cluster.objects.exclude(pk__in=kept).delete()
    return len(kept)


def successor(group, known):
    """Take from `known` [(cluster, its keys)] the one that shares most with `group`, if it is half of it."""
    keys = set(group.keys)
    best = max(known, key=lambda pair: len(keys & pair[1]), default=None)
    if best is None or 2 * len(keys & best[1]) < len(keys):
        return None
    known.remove(best)
    return best[0]
