"""Pages of lists that are known before they are made."""

from config.http.conditional_pages import conditional_page
from experiences.models.vocabulary.cache import lists


def conditional_list(request, read_states, make):
    """As conditional_page(), of a page with lists: `read_states()` returns the States that it would be of
    now, `make()` (the page, the States that its lists are of, or None).

    These are read with its rows. Its other words may be of the vocabulary as it was when the page was begun,
    where another process changed it since.
    """

    def make_of_lists():
        began = lists().number  # Not before: what the answer is known by may have told of a newer one.
        page, states = make()
        return page, states and states.as_of(began)

    return conditional_page(request, read_states, make_of_lists)
