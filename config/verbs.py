"""Verbs: what can be done to a row, each told once for its page and its sentences.

A new verb is a method of the model, one `Verb` in the table of its app, and a row of the permission table in
tests/permissions/; one that takes words has a form for pages and a body for the API. The buttons of
a page, the view behind them and the addresses of the API (config.rest.verb_actions) are read from the table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from config.refusals.too_often import TooOften, say_when
from config.versioning import Conflict


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a row.

    `act(row, by=…, **words)` is the method of the model: it checks who, then in which state. `form` asks
    for its words on a page. `done` is the sentence for whoever did it, or a function of the row that
    returns one. `offered(row, user)` says whether a page shows it; the method decides again. `group` names
    the list of buttons it stands in; "" where the page has a place of its own for it. In such a list,
    `label` is its heading and button, `hint` a sentence above its words, or a function of row and user that
    returns one, `prominent` shows it open or first, and `confirms` asks once more after showing what would
    change. `limit` names how often one person may do it (settings.LIMITS).
    """

    act: Callable
    form: type
    done: str | Callable
    offered: Callable
    group: str = ""
    label: str = ""
    hint: str | Callable = ""
    prominent: bool = False
    confirms: bool = False
    limit: str = ""

    def success_message(self, row):
        """Return the sentence that says it was done, in the language spoken now."""
        return str(self.done(row) if callable(self.done) else self.done)

    def hint_for(self, row, user):
        return self.hint(row, user) if callable(self.hint) else self.hint


class Verbs(dict):
    """The verbs of one kind of row, by the name they have in addresses, in the order of their buttons."""

    def offered_to(self, user, row):
        """Return the names of the verbs whose buttons `user` sees on the page of `row`."""
        return [name for name, verb in self.items() if user.is_authenticated and verb.offered(row, user)]

    def forms_for(self, user, row, refused=None):
        """Return {name: form} of the verbs offered to `user`; `refused` stands for its own, with its words
        and errors.
        """
        forms = {name: self[name].form(verb=name, row=row) for name in self.offered_to(user, row)}
        if refused is not None and refused.verb in forms:
            forms[refused.verb] = refused
        for name, form in forms.items():
            form.hint = self[name].hint_for(row, user)
        return forms

    def buttons(self, forms, group):
        """Return [{name, verb, form}] of the verbs of `group` among `forms` ({name: form}), in order."""
        return [
            {"name": name, "verb": verb, "form": forms[name]}
            for name, verb in self.items()
            if name in forms and verb.group == group
        ]


def perform(act, refused):
    """Call `act()`; where it is refused, return `refused(error, status)`: the page that says why, words kept.

    Returns None once it is done. The status is 409 when someone else changed the row meanwhile, 429 when it
    was done too often, else 422. Whoever may not do it at all gets PermissionDenied, as from the verb.
    """
    try:
        act()
    except ValidationError as error:
        return say_when(refused(error, status_of(error)), error)
    return None


def status_of(refusal):
    """Return the HTTP status that says what kind of refusal it is."""
    if isinstance(refusal, TooOften):
        return 429
    return 409 if isinstance(refusal, Conflict) else 422


def submit(form, act, page):
    """Call `act(**words)` with the words of `form`; where it or they are refused, return `page(status)`.

    The form shows why. Returns None once it is done; see perform().
    """
    if not form.is_valid():
        return page(422)

    def refused(error, status):
        form.refuse(error)
        return page(status)

    return perform(lambda: act(**form.words()), refused)
