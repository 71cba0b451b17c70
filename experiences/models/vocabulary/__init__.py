"""The closed lists: their terms, what moderators do to them, and the copy each process keeps."""
