"""How many of the rows that fit have each value of each facet."""

import numpy as np

from experiences.list_index import tags
from experiences.list_index.columns import count


def facet_counts(filterset):
    """Return {parameter: {slug: number}} of a FilterSet; the choice of a facet is left out of its counts."""
    numbers = filterset.bits, filterset.columns.counts(filterset.bits)
    known = {"stake": filterset.lists.codes_of_stakes} | filterset.lists.codes_of_contexts
    known |= {column: tags.of_values(column) for column in filterset.counted}
    counts = {}
    for facet, codes in known.items():
        name = filterset.counted.get(facet, facet)
        is_apart = facet != "stake" and filterset.counts_apart(
            name
        )  # Stakes all hold: no choice is left out.
        own = _numbers_without(filterset, name, numbers) if is_apart else numbers
        counts[facet] = _counts(filterset.columns, codes, *own)
    always = {"stake", *filterset.counted}
    return {facet: found for facet, found in counts.items() if found or facet in always}


def _numbers_without(filterset, name, numbers):
    """Return the bits of what fits without the parameter `name`, and their numbers by tag; `numbers` are
    those of what fits.
    """
    bits = filterset.fitting(without=name)
    return numbers if np.array_equal(bits, numbers[0]) else (bits, filterset.columns.counts(bits))


def _counts(columns, codes, bits, numbers):
    """Return {slug: number of the rows `bits`}, without noughts; `codes` are {slug: tags any of which will
    do}.
    """
    found = {}
    for slug, (first, *others) in codes.items():
        number = numbers.get(first, 0)
        if others:
            number = count(bits & columns.having([first, *others]))
        if number:
            found[slug] = number
    return found
