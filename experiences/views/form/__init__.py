"""The form of a report: writing it, what an open one keeps, and what is missing."""
