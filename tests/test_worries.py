"""Sixty worries in people's own words, beside the stakes that they mean (worries.csv).

They were written before anything that finds stakes by words, and nothing is tuned to them.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from experiences.models import Stake

WORRIES = list(csv.DictReader(Path(__file__).with_name("worries.csv").open(encoding="utf-8", newline="")))


@pytest.mark.django_db
def test_each_language_has_thirty_and_each_stake_is_meant_by_one():
    assert Counter(row["language"] for row in WORRIES) == {"en": 30, "fr": 30}
    meant = {slug for row in WORRIES for slug in row["stakes"].split(";")}
    assert meant == set(Stake.objects.values_list("slug", flat=True))
