"""The site as it is served in production, with a few bare views beside it to compare with."""
