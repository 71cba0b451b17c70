"""The page of a practice: what readers see, what it rests on, how it may be taken along."""
