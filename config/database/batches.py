"""Many keys, some at a time."""


def batched(keys, number):
    """Yield the sequence `keys` in parts of at most `number`, in their order."""
    for start in range(0, len(keys), number):
        yield keys[start : start + number]
