"""The REST API of reports, the vocabulary and one's own things."""
