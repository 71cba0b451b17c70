"""The secret key of a copy that runs on one's own machine, made at first need and kept."""

import os
import secrets


def local_secret(path):
    """Return the secret in the file `path`, making it (readable by its owner alone) if absent.

    The file appears whole or not at all, so that processes starting together agree on it.
    """
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one to use
        finally:
            draft.unlink()
    return path.read_text()
