"""Tag real documents by a first guess, so that they can be imported as reports and grouped.

    .venv/bin/python -m bench.guess_stakes documents.jsonl > tagged.jsonl
    .venv/bin/python manage.py import_experiences tagged.jsonl --publish

A document is a JSON object with `id`, `language`, `title` and `body_markdown`. Its stakes are those
whose name and definition share the most words with it, a word weighing more where few documents have
it. Required facets are `unknown`, and the verdict is the one of someone who cannot tell.
"""

import json
import os
import sys
from collections import Counter
from math import log
from pathlib import Path

import django

from experiences.text.stemming import STOP_WORDS, stem, words

STAKES, ENOUGH = 2, 0.6  # at most; the second only if it comes this close to the first
PARTS = ("situation", "action", "result")


def stems_of(text, language):
    return [stem(word, language) for word, _start, _end in words(text) if word.casefold() not in STOP_WORDS]


def vocabulary_stems(language):
    """Return {stake: {stem: weight}}: a word of the name counts three times one of the definition."""
    from experiences import vocabulary

    found = {}
    for row in vocabulary.read("stakes.csv"):
        weights = Counter(stems_of(row[f"definition_{language}"], language))
        for one in stems_of(row[f"name_{language}"], language):
            weights[one] += 3
        found[row["slug"]] = weights
    return found


def guess(counts, rarity, terms):
    """Return the stakes whose words weigh most in a document."""
    said = {one: (1 + log(number)) * rarity[one] for one, number in counts.items()}
    scores = {
        stake: sum(said.get(one, 0) * weight for one, weight in weights.items()) / sum(weights.values())
        for stake, weights in terms.items()
    }
    best = sorted(scores, key=lambda stake: (-scores[stake], stake))[:STAKES]
    return [stake for stake in best if scores[stake] >= ENOUGH * scores[best[0]]]


def in_three(body):
    """Return `body` cut at blank lines into what a report must have: nothing is left out."""
    blocks = [block for block in body.split("\n\n") if block.strip()]
    while len(blocks) < len(PARTS):
        blocks.append("(nothing more is told)")
    first, last = max(1, len(blocks) // 4), min(len(blocks) - 1, len(blocks) * 3 // 4)
    last = max(last, first + 1)
    cut = [blocks[:first], blocks[first:last], blocks[last:]]
    return {name: "\n\n".join(part) for name, part in zip(PARTS, cut, strict=True)}


def main(path):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    lines = Path(path).read_text("utf-8").split("\n")
    documents = [json.loads(line) for line in lines if line.strip()]
    for language in ("en", "fr"):
        mine = [one for one in documents if one["language"] == language]
        counted = [Counter(stems_of(f"{one['title']}\n{one['body_markdown']}", language)) for one in mine]
        having = Counter(one for counts in counted for one in counts)
        rarity = {one: log(len(mine) / number) for one, number in having.items()}
        terms = vocabulary_stems(language)
        for document, counts in zip(mine, counted, strict=True):
            told = {
                "source_id": document["id"],
                "title": document["title"][:200],
                "language": language,
                **in_three(document["body_markdown"]),
                "verdict": "too-early",
                "stakes": guess(counts, rarity, terms),
                "contexts": {name: ["unknown"] for name in ("audience", "kind", "community-size")},
            }
            print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
