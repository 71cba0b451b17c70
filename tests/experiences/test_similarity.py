"""How like two situations are, and what a reader may change of it."""

import pytest

from experiences.search.similarity import AS_USUAL, WEIGHTS, Weights, explain, known, likeness
from tests.factories import contexts

pytestmark = pytest.mark.django_db


def placed(**facets):
    return known(contexts(**facets))


@pytest.fixture
def mine():
    return placed(audience=["internal"], kind=["support"], sector=["finance"])


@pytest.fixture
def same_sector():
    """Like mine in the sector alone."""
    return placed(audience=["external"], kind=["support"], sector=["finance"])


@pytest.fixture
def same_audience():
    return placed(audience=["internal"], kind=["support"], sector=["health"])


def test_the_audience_weighs_more_than_the_sector(mine, same_sector, same_audience):
    assert likeness(mine, same_audience) > likeness(mine, same_sector)


def test_a_facet_left_out_counts_on_neither_side(mine, same_sector, same_audience):
    weights = Weights(without=frozenset(["audience"]))

    assert likeness(mine, same_sector, weights) == 1
    assert likeness(mine, same_audience, weights) < 1
    assert likeness(mine, placed(audience=["internal"]), weights) is None


def test_a_light_facet_can_be_made_to_count_as_much_as_the_heaviest(mine, same_sector, same_audience):
    weights = Weights(more=frozenset(["sector"]))

    assert weights["sector"] == max(WEIGHTS.values())
    assert likeness(mine, same_sector, weights) == likeness(mine, same_audience, weights)


def test_what_is_left_out_does_not_weigh_more_for_being_named_twice():
    both = Weights(without=frozenset(["sector"]), more=frozenset(["sector"]))

    assert both["sector"] == 0


def test_the_sentence_names_what_counts_the_weightiest_first(mine, same_sector):
    assert explain(mine, same_sector) == (
        "Like yours: mutual help on a product or service, banking and insurance. "
        "Different: outside (customers, public, contributors)."
    )
    assert explain(mine, same_sector, Weights(without=frozenset(["audience", "kind"]))) == (
        "Like yours: banking and insurance."
    )
    assert explain(mine, same_sector, Weights(more=frozenset(["sector", "audience"]))).startswith(
        "Like yours: mutual help on a product or service, banking and insurance."
    )
    assert explain(mine, same_sector, Weights(without=frozenset(WEIGHTS))) == ""


def test_nobody_asked_means_each_facet_weighs_what_is_published():
    assert {facet: AS_USUAL[facet] for facet in WEIGHTS} == WEIGHTS
