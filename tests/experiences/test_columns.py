"""Columns of bits find, count and order as plain rows do, whatever changed meanwhile."""

from random import Random

import numpy as np
import pytest

from experiences.list_index import tags
from experiences.list_index.columns import Change, Columns, as_bits, as_mask, count, pack, places
from experiences.models.vocabulary.cache import lists
from experiences.search import similarity
from experiences.search.pagination import scored_page
from tests.conftest import seed


@pytest.mark.parametrize("turn", range(5))
def test_columns_find_count_and_order_as_plain_rows_do(turn):
    draw = Random(f"{seed()} columns {turn}")
    rows, columns = {}, Columns.of([], [], [], [])
    for _step in range(12):
        changes = {}
        for _change in range(draw.randrange(1, 40)):
            key = draw.randrange(1, 300)
            codes = tuple(draw.sample(range(1, 9), draw.randrange(4)))
            gone = key in rows and draw.random() < 0.3
            changes[key] = Change(key, draw.randrange(10**6) * 1000 + key, key, None if gone else codes)
        if draw.random() < 0.3:  # Read anew, as a process does that begins.
            columns = columns_of(rows)
        columns = columns.with_changes(list(changes.values()))
        rows |= changes
        rows = {key: row for key, row in rows.items() if row.codes is not None}
        assert_alike(columns, rows, draw)


def columns_of(rows):
    ordered = sorted(rows.values(), key=lambda row: row.order_key)
    told = [(row.key, row.order_key, row.changed_at, pack(row.codes)) for row in ordered]
    return (
        Columns.of(*(list(column) for column in zip(*told, strict=True)))
        if told
        else Columns.of([], [], [], [])
    )


def assert_alike(columns, rows, draw):
    wanted, unwanted = draw.sample(range(1, 9), 2), draw.randrange(1, 9)
    bits = columns.listed & columns.having(wanted) & ~columns.having([unwanted])
    fit = [row for row in rows.values() if {*wanted} & {*row.codes} and unwanted not in row.codes]
    assert count(bits) == len(fit)
    numbers = {code: number for code, number in columns.counts(bits).items() if number}
    assert numbers == {
        code: number for code in range(1, 9) if (number := sum(code in row.codes for row in fit))
    }
    for ascending in (False, True):
        ordered = sorted(fit, key=lambda row: row.order_key, reverse=not ascending)
        at = draw.randrange(len(ordered) + 1)
        after = ordered[at - 1].order_key if at else None
        page = columns.page(bits, 5, after=after, ascending=ascending)
        assert columns.keys[page].tolist() == [row.key for row in ordered[at : at + 5]]


def test_what_began_with_columns_goes_on_with_them():
    columns = Columns.of([1], [1], [1], [pack([7])])
    changed = columns.with_changes([Change(2, 2, 2, (7,)), Change(1)])
    assert (count(columns.listed), count(changed.listed)) == (1, 1)
    assert columns.counts(columns.listed) == {7: 1}
    assert changed.keys[places(changed.listed, changed.size)].tolist() == [2]


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 200])
def test_bits_say_what_truths_said(size):
    mask = np.array([Random(number).random() < 0.5 for number in range(size)], bool)
    assert as_mask(as_bits(mask), size).tolist() == mask.tolist()


@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(4))
def test_likeness_of_all_rows_at_once_is_what_it_is_of_each(turn):
    draw = Random(f"{seed()} likeness {turn}")
    by_facet = {}
    for context in lists().contexts:
        by_facet.setdefault(context.facet.slug, []).append(context)

    def somewhere():
        facets = draw.sample(sorted(by_facet), draw.randrange(1, 10))
        return [one for facet in facets for one in draw.sample(by_facet[facet], min(draw.randrange(1, 4), 3))]

    rows = [somewhere() for _row in range(150)]
    packed = [pack({tags.context(context.pk) for context in row}) for row in rows]
    columns = Columns.of(range(150), range(150), [0] * 150, packed)
    mine = similarity.known(somewhere())
    more, without = (frozenset(draw.sample(sorted(by_facet), 2)) for _kind in range(2))
    for weights in (similarity.AS_USUAL, similarity.Weights(without, more)):
        expected = [similarity.likeness(mine, similarity.known(row), weights) or 0 for row in rows]
        assert similarity.scores(columns, mine, weights).tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("turn", range(3))
def test_pages_by_score_lead_forth_and_back_over_every_row_once(turn):
    draw = Random(f"{seed()} scores {turn}")
    keys = draw.sample(range(10**6), 60)
    columns = Columns.of(range(60), keys, [0] * 60, [pack([])] * 60)
    scores = np.array([draw.randrange(4) for _row in keys])
    ordered = sorted(range(60), key=lambda place: (-scores[place], -columns.order_keys[place]))
    found, cursor, pages = [], "", []
    while cursor is not None:
        of_page, page = scored_page(columns, columns.listed, scores, cursor, 7)
        pages.append(of_page)
        found += of_page
        cursor, back = page.next, page.previous
    assert found == columns.keys[ordered].tolist()
    assert scored_page(columns, columns.listed, scores, back, 7)[0] == pages[-2]
