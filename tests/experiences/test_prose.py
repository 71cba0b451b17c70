"""What of a text is words: marks of other programs, addresses and names of files are not."""

import pytest

from bench.lengths import MARKS, growth, is_steep
from experiences.text.prose import prose


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A [guide](https://example.org/a_b) to and/or.", "A [guide] to and/or."),
        ('<img src="a b.png" width=600 alt="x > y"> The end', '| y"> The end'),
        ('{{< figure src="x.png" >}} Before {: .wide} after', "| Before | after"),
        ("See README.md, ../assets/plan.png and /docs/a.", "See | | and |"),
        ('l’atelier width="1200" fin', "l’atelier | fin"),
        ("Write to ana@example.org, at www.example.org.", "Write to | at |"),
        ("A < B and C > D. It took 3.5 hours, e.g. mine.", "A < B and C > D. It took 3.5 hours, e.g. mine."),
    ],
)
def test_what_was_written_to_be_read_stays(text, said):
    assert prose(text) == said


@pytest.mark.parametrize("piece", ["a", "{{", *MARKS])
def test_no_text_takes_long(piece):
    assert not is_steep(*growth(prose, piece))
