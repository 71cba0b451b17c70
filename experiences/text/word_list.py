"""Lists of words that are kept beside the code, as text."""


def word_list(path):
    """Return the words of the list at `path`, in their order; a line that begins with # is a remark."""
    lines = path.read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]
