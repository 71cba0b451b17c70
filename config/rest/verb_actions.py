"""Verbs as actions of the API: all those of a table, with the words each takes in JSON."""

import inspect
from keyword import iskeyword

from rest_framework.decorators import action
from rest_framework.settings import api_settings

from config.rest.operations import describes


def serves_verbs(verbs, bodies, *, deletes=(), hides=()):
    """Give a ViewSet an action for each verb of `verbs`, the table (config.verbs.Verbs), but for those whose
    action it has written out.

    `bodies` is {name: serializer of its words} of the verbs that take some. After a verb in `deletes` the row
    is gone; after one in `hides`, whoever did it may not see it any more: then the answer is 204. An action
    is described by the first paragraph of the method's docstring. Who may do it, the method decides: only
    the scope of the token is asked before.
    """

    def decorate(view):
        for name, verb in verbs.items():
            if hasattr(view, action_name(name, verb)):
                continue
            said = {
                "takes": bodies.get(name),
                "hides": name in hides,
                "heeds_version": True,
                "limit": verb.limit,
            }
            made = verb_action(name, verb, said | ({"code": 204} if name in deletes else {}))
            setattr(view, made.__name__, made)
        return view

    return decorate


def actions_of(verbs):
    """Return what the actions of all verbs of a table are called in Python."""
    return [action_name(name, verb) for name, verb in verbs.items()]


def action_name(name, verb):
    """Return what the action of a verb is called in Python."""
    return verb.act.__name__ if iskeyword(name) else name.replace("-", "_")


def verb_action(name, verb, said):
    """Return the action that does `verb` to a row, and answers with the row; `said` describes it."""

    def act(self, request, **lookup):
        row = self.get_object_for_verb()
        verb.act(row, by=request.user, **self.read_body(row))
        return self.answer_with(row)

    act.__name__ = action_name(name, verb)
    act.__doc__ = inspect.getdoc(verb.act).split("\n\n")[0]
    permissions = api_settings.DEFAULT_PERMISSION_CLASSES
    made = action(detail=True, methods=["post"], permission_classes=permissions, url_path=name)
    return made(describes(**said)(act))
