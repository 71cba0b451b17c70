"""Words brought to their stems, by several threads of one process at once."""

import sys
from concurrent.futures import ThreadPoolExecutor

from experiences.text import stemming

WORDS = ["communications", "generational", "relational", "fortunately", "organisation", "conversations"]


def test_threads_that_stem_at_once_get_what_one_alone_gets():
    alone = [stemming._stem.__wrapped__(word, "en") for word in WORDS]

    def several(_number):
        return [stemming._stem.__wrapped__(word, "en") for word in WORDS * 200]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # seconds: whatever can be interrupted is
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(several, range(4)))
    finally:
        sys.setswitchinterval(interval)
    assert found == [alone * 200] * 4
