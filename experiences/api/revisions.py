"""What a report said before."""

from config.rest.shapes import DAY_OR_MONTH, TEXT, component, one_of, thing
from experiences.api.serializers import told_properties
from experiences.models import Experience, Revision


def revision_data(row, user):
    """Return a revision as `user` may read it; of a withheld report, only its month."""
    withheld = row.report.identity == Experience.Identity.WITHHELD
    on = row.at.strftime("%Y-%m" if withheld else "%Y-%m-%d")
    return {"id": row.public_id, "kind": row.kind, "on": on, "told": row.content_for(user)}


@component("Revision")
def revision_shape():
    return thing(id=TEXT, kind=one_of(Revision.Kind.values), on=DAY_OR_MONTH, told=told_shape)


@component("Told")
def told_shape():
    return thing(**told_properties())
