"""How many names of people are pointed out in a text, and how many of what is pointed out are names.

    .venv/bin/python -m bench.names [--missed]

The sentences of `names.txt` are invented; the names in them are marked. Rules are made on those of odd
number and judged on the even ones. A name is found where what is pointed out touches it, and found whole
where nothing of it is left. `--missed` lists what went wrong in the half that rules are made on.

Beside the project it also counts what is pointed out in real reports, and tells what the lists cost.
"""

import os
import re
import sys
import time
from collections import defaultdict
from json import loads
from pathlib import Path
from typing import NamedTuple

SENTENCES = Path(__file__).with_name("names.txt")
REPORTS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "reports.jsonl"
MADE_ON, JUDGED = "made on", "judged on"
LONG = 40_000  # characters: as many as a field of a report takes


class Sentence(NamedTuple):
    language: str
    text: str
    marked: list  # of (start, end)

    @classmethod
    def read(cls, line):
        """Return the Sentence of a line such as `en: {Ana} left.`"""
        language, marked = line[:2], line[4:]
        starts = [one.start() for one in re.finditer(r"[{}]", marked)]
        places = [place - number for number, place in enumerate(starts)]
        text = re.sub(r"[{}]", "", marked)
        return cls(language, text, list(zip(places[::2], places[1::2], strict=True)))


class Score:
    """What was found of the names of some sentences."""

    def __init__(self):
        self.marked = self.found = self.whole = self.pointed = self.right = 0
        self.wrong = []

    def add(self, sentence, found):
        self.marked += len(sentence.marked)
        self.pointed += len(found)
        self.right += sum(any(_touch(one, other) for other in sentence.marked) for one in found)
        for name in sentence.marked:
            touching = [one for one in found if _touch(name, one)]
            self.found += bool(touching)
            self.whole += any(start <= name[0] and name[1] <= end for start, end in touching)
        if sorted(found) != sentence.marked:
            self.wrong.append((sentence.text, [sentence.text[start:end] for start, end in found]))

    @property
    def precision(self):
        return self.right / max(self.pointed, 1)

    @property
    def recall(self):
        return self.found / max(self.marked, 1)

    def __str__(self):
        return (
            f"precision {self.precision:.2f} ({self.right} of {self.pointed}), "
            f"recall {self.recall:.2f} ({self.found} of {self.marked}), "
            f"whole {self.whole / max(self.marked, 1):.2f}"
        )


def _touch(one, other):
    return one[0] < other[1] and other[0] < one[1]


def sentences():
    """Return {half: its Sentences}: of each language, every other line goes to the other half."""
    halves, number = {MADE_ON: [], JUDGED: []}, defaultdict(int)
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith(("en: ", "fr: ")):
            sentence = Sentence.read(line)
            number[sentence.language] += 1
            halves[MADE_ON if number[sentence.language] % 2 else JUDGED].append(sentence)
    return halves


def score(some):
    """Return the Score of what is pointed out in `some` sentences."""
    from experiences.privacy import identifiers

    result = Score()
    for sentence in some:
        found = identifiers.point_out(sentence.text, sentence.language)
        result.add(sentence, [(one.start, one.end) for one in found if one.kind == identifiers.NAME])
    return result


def count_in_reports():
    """Print how many names are pointed out in a real report, on average."""
    from experiences.privacy import identifiers

    reports = [loads(line) for line in REPORTS.read_text(encoding="utf-8").split("\n") if line]
    found = [
        one
        for report in reports
        for one in identifiers.point_out(report["body_markdown"], report["language"])
        if one.kind == identifiers.NAME
    ]
    print(f"real reports: {len(found) / len(reports):.2f} names each in {len(reports)}")
    text = "\n\n".join(report["body_markdown"] for report in reports[:60])[:LONG]
    began = time.process_time()
    for _time in range(5):
        identifiers.point_out(text, "en")
    print(f"{len(text):,} characters: {(time.process_time() - began) / 5 * 1000:.0f} ms")


def main():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for half, some in sentences().items():
        for language in ("en", "fr"):
            print(f"{half:9} {language}: {score([one for one in some if one.language == language])}")
        whole = score(some)
        print(f"{half:9} all: {whole} in {len(some)} sentences")
        if half == MADE_ON and "--missed" in sys.argv:
            for text, found in whole.wrong:
                print(f"    {text}  →  {found}")
    if REPORTS.exists():
        count_in_reports()


if __name__ == "__main__":
    main()
