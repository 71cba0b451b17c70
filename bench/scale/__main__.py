"""Measure what answers cost: `make bench ROWS=100000 ENGINE=postgresql`."""

import argparse
import os
import sys
from pathlib import Path

import django

from bench.scale.data import where
from bench.scale.results import KEPT


def main():
    options = parsed()
    os.environ["DATABASE_URL"] = where.address(options.engine, options.rows)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.scale.site.settings"
    django.setup()
    # Only now can the models be imported.
    from bench.scale.data import database
    from bench.scale.run import run

    return run(options, database.prepare(options.engine, options.rows, options.derive))


def parsed():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="published reports (ROWS=)")
    parser.add_argument("--engine", choices=where.ENGINES, default="sqlite", help="the database (ENGINE=)")
    parser.add_argument("--rounds", type=int, default=5, help="that count, beside the first")
    parser.add_argument("--seconds", type=float, default=0.25, help="for each case in each round")
    parser.add_argument("--only", default="", help="measure cases whose name has this, and keep nothing")
    parser.add_argument("--jobs", action="store_true", help="also rebuild_index, import and sending")
    parser.add_argument("--under-load", action="store_true", help="also post while all is derived again")
    parser.add_argument("--gate", action="store_true", help="fail where one costs more than is known")
    parser.add_argument("--derive", action="store_true", help="first derive everything again")
    parser.add_argument("--plans", metavar="CASE", help="show no more than how its queries are planned")
    parser.add_argument("--json", type=Path, default=KEPT, help="the file that runs are added to")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
