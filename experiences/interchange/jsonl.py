"""JSON Lines: a report on each line, in the API's own shape."""

import codecs
import json

from django.utils.translation import gettext as _

from experiences.interchange.records import LONGEST_LINE, Record, not_utf8, too_long, unreadable


def read_jsonl(stream):
    number = 0
    while raw := stream.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield unreadable(number, "too_long", too_long())
            continue
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if raw.strip():
            yield _json_record(raw, number)


def _skip_line(stream):
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_record(raw, number):
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        return unreadable(number, "encoding", not_utf8())
    except RecursionError:
        return unreadable(number, "parse_error", _("This line is nested too deeply."))
    except json.JSONDecodeError as error:
        text = _("This line is not JSON: %(reason)s at character %(place)s.")
        return unreadable(number, "parse_error", text % {"reason": error.msg, "place": error.pos + 1})
    except ValueError as error:  # A constant, or a number of thousands of digits.
        text = _("This line is not JSON: %(reason)s.") % {"reason": error}
        return unreadable(number, "parse_error", text)
    if not isinstance(data, dict):
        return unreadable(number, "parse_error", _("Each line must be a JSON object, between { and }."))
    return Record(number, data)


def _no_constant(name):
    raise ValueError(_("%(name)s is not a number") % {"name": name})
