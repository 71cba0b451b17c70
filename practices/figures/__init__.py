"""What the site says of itself in numbers: counted by the worker, shown as a page, in the API and as CSV.

What is public one by one (reports, practices, questions, trials) is counted exactly. What is not, is counted
of reports told under a name alone, and not said under five: so no figure tells of who withheld theirs.
"""
