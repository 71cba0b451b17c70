"""Questions that people ask of real texts find their answer among the first five."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bench.related import documents, publish_reports
from bench.retrieval import FIRST, ranks

pytestmark = [pytest.mark.django_db, pytest.mark.corpus, pytest.mark.long]


def test_questions_find_their_answers_in_their_own_language_and_in_the_other():
    publish_reports(documents("reports"))
    told = [
        (question, 0 < own <= FIRST or 0 < other <= FIRST) for question, own, other in ranks(AnonymousUser())
    ]
    answered = {question["qid"] for question, is_answered in told if is_answered}
    across = {question["qid"] for question, _answered in told if question["cross_language"]}
    assert len(answered) >= 24
    assert len(across & answered) >= 3
    assert len({question["qid"] for question, _answered in told} - across - answered) <= 1
