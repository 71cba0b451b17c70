"""The pages on which moderators keep the closed lists."""
