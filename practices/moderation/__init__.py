"""Moderation of all public words: what kinds there are, and the one queue of what waits."""
