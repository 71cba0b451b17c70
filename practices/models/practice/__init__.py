"""The practice: what it says, its state, its grade, its translations and its tags."""
