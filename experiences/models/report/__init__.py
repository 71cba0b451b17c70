"""The field report, in pieces: what it tells, its state, and what is done with it."""
