"""The map of the field: the evidence at a glance, and one stake with all that is known of it."""
