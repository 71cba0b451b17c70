"""What answers cost at ten thousand, a hundred thousand and a million reports, beside a bare view.

    make bench ROWS=100000 ENGINE=postgresql

`data/` makes and loads the reports, `site/` serves them with the views they are compared with, `cases.py`
says what is asked, `goals.py` what it may cost.
"""
