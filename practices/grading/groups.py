"""Things that are one through others: whoever is linked to whoever is linked is in one group."""


class Groups:
    """Groups of hashable keys: what was joined is in one, however far apart."""

    def __init__(self):
        self._parent = {}

    def of(self, key):
        """Return the key that stands for the group of `key`, which may be new."""
        while self._parent.setdefault(key, key) != key:
            key = self._parent[key]
        return key

    def join(self, one, other):
        """Let the groups of two keys be one; `other`'s stands for it."""
        self._parent[self.of(one)] = self.of(other)
