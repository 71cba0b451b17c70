"""Oneself and one's tokens, for programs, and who a request comes from."""
