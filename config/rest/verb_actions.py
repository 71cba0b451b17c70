"""Verbs as actions of the API: those of a table that an API serves, with the words each takes in JSON."""

import inspect
from keyword import iskeyword

from rest_framework.decorators import action
from rest_framework.settings import api_settings

from config.rest.operations import describes


def serves_verbs(verbs, bodies):
    """Give a ViewSet an action for each verb named in `bodies`: {name: serializer of its words, or None}.

    `verbs` is the table (config.verbs.Verbs). An action is described by the first paragraph of the method's
    docstring. Who may do it, the method decides: only the scope of the token is asked before.
    """

    def decorate(view):
        for name, body in bodies.items():
            made = verb_action(name, verbs[name], body)
            setattr(view, made.__name__, made)
        return view

    return decorate


def verb_action(name, verb, body):
    """Return the action that does `verb` to a row, and answers with the row."""

    def act(self, request, **lookup):
        row = self.get_object_for_verb()
        return self.answer_with(verb.act(row, by=request.user, **self.read_body(row)))

    act.__name__ = verb.act.__name__ if iskeyword(name) else name.replace("-", "_")
    act.__doc__ = inspect.getdoc(verb.act).split("\n\n")[0]
    permissions = api_settings.DEFAULT_PERMISSION_CLASSES
    made = action(detail=True, methods=["post"], permission_classes=permissions, url_path=name)
    return made(describes(takes=body)(act))
