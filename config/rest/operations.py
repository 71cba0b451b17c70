"""What an action of the API takes and answers, said beside the action itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Operation:
    """What `describes()` says of an action.

    `takes` is the serializer of its words; `answers` a component, which is the view's own shape when
    nothing is said, and on a list a page of it. `parameters` are those of its query, by name, each
    with what it means: no other is taken. For a filterset, which refuses by itself and whose facets are
    rows, a function stands that returns (name, description, schema) of each. `path` says what the
    variables of its own address mean. `hides`: the row may be out of sight afterwards, which 204 says.
    `heeds_version`: an If-Match is held to, where one is sent. `looks_up`: what the body names may not be
    there, which 404 says. `limit` names how often one person may do it, beside the limit of all requests
    (settings.LIMITS).
    """

    takes: object = None
    answers: object = None
    code: int = 200
    parameters: Mapping | Callable = field(default_factory=dict)
    path: Mapping = field(default_factory=dict)
    hides: bool = False
    heeds_version: bool = False
    looks_up: bool = False
    limit: str = ""


def describes(**said):
    """Say what an action takes and answers: the words of an Operation."""

    def decorate(action):
        action.operation = Operation(**said)
        return action

    return decorate


def operation_of(view):
    """Return what is said of the action that `view` performs."""
    action = getattr(view, view.action or "", None)
    return getattr(action, "operation", Operation())
