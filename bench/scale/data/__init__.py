"""Synthetic reports and practices, always the same, in a database of their own."""
