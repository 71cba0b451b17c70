"""Sixty worries in people's own words, beside the stakes that they mean (worries.csv).

They were written before anything that finds stakes by words, and nothing is tuned to them: what the
vocabulary says of each stake in people's words was written by someone who had not seen them.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from experiences.models import Stake
from experiences.search.words import vocabulary
from experiences.search.words.query import Query

WORRIES = list(csv.DictReader(Path(__file__).with_name("worries.csv").open(encoding="utf-8", newline="")))


@pytest.mark.django_db
def test_each_language_has_thirty_and_each_stake_is_meant_by_one():
    assert Counter(row["language"] for row in WORRIES) == {"en": 30, "fr": 30}
    meant = {slug for row in WORRIES for slug in row["stakes"].split(";")}
    assert meant == set(Stake.objects.values_list("slug", flat=True))


@pytest.mark.django_db
def test_a_worry_finds_its_stake_among_the_first_three():
    missed = [row["worry"] for row in WORRIES if not is_found(row)]
    assert len(missed) <= 6, missed


def is_found(row):
    found = vocabulary.stakes().find(Query(row["worry"])).rows[:3]
    return bool({stake.slug for stake in found} & set(row["stakes"].split(";")))
