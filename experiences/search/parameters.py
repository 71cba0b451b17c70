"""The parameters of an address, read one by one: each is refused with a sentence that says what it takes."""

from datetime import UTC, datetime, time

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from config.text import whole_number

MOST_VALUES = 30  # of one parameter in one address


class Parameters:
    """Those of `params`, a QueryDict; `chosen` is {name: values} of what was asked for and said something."""

    def __init__(self, params):
        self.params, self.chosen = params, {}

    def refuse_unknown(self, names):
        """Raise ValidationError for each that is not among `names`, or has too many values."""
        errors = {}
        for name in self.params:
            if name not in names:
                errors[name[:60]] = _("There is no parameter “%(name)s” here.") % {"name": name[:60]}
            elif len(self.params.getlist(name)) > MOST_VALUES:
                errors[name] = _("Give at most %(most)s values.") % {"most": MOST_VALUES}
        if errors:
            raise ValidationError(errors)

    def one(self, name):
        """Return the value of `name`, "" for none; refuse several."""
        values = self.params.getlist(name)
        if len(values) > 1:
            raise ValidationError({name: _("Give this parameter once.")})
        value = values[0] if values else ""
        if len(value) > 1000:
            raise ValidationError({name: _("This value is too long.")})
        if value:
            self.chosen[name] = [value]
        return value

    def choice(self, name, allowed):
        """Return the value of `name`, one of those `allowed`."""
        value = self.one(name)
        if value not in allowed:
            raise self._refusal(name, value, [one for one in allowed if one])
        return value

    def number(self, name, default, least, most):
        """Return the value of `name` as a whole number from `least` to `most`; `default` for none."""
        value = self.one(name)
        if not value:
            return default
        number = whole_number(value)
        if number is None or not least <= number <= most:
            raise ValidationError(
                {name: _("Give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}}
            )
        return number

    def several(self, name, allowed):
        """Return the values given for `name`, refusing those not in `allowed`; empty ones are dropped."""
        values = [value for value in dict.fromkeys(self.params.getlist(name)) if value]
        for value in values:
            if value not in allowed:
                raise self._refusal(name, value, allowed)
        if values:
            self.chosen[name] = values
        return values

    def moment(self, name):
        """Return the value of `name`, a day or a time, as a moment; None for none."""
        value = self.one(name)
        if not value:
            return None
        try:
            moment = parse_datetime(value) or datetime.combine(parse_date(value), time.min)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError):
            raise ValidationError(
                {name: _("Give a date such as 2026-03-01, or a time such as 2026-03-01T08:00:00Z.")}
            ) from None

    def _refusal(self, name, value, allowed):
        text = _("“%(value)s” is not a value of “%(name)s”.") % {"value": value[:60], "name": name}
        if len(allowed) <= 12:
            text += " " + _("Choose among: %(allowed)s.") % {"allowed": ", ".join(allowed)}
        return ValidationError({name: text})
