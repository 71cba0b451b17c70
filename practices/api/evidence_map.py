"""The evidence map, for programs: how much has been told of what, where, and what came of it."""

from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from config.rest.conditional import answer_unless_known
from config.rest.operations import describes
from config.rest.serializers import Serializer
from config.rest.shapes import TEXT, component, many, nullable, thing
from config.rest.views import ViewSet
from experiences.api.vocabulary import COUNTS, NAMES
from practices.api.serializers import verdicts_shape
from practices.search.evidence_map import EvidenceMap, read_states


def named(term):
    """Return what tells a term apart, in both languages."""
    return {name: getattr(term, name) for name in ("slug", "name_en", "name_fr")}


def map_data(found):
    """Return an EvidenceMap as it is answered."""
    return {
        "facet": found.facet.slug,
        "competency": found.competency.slug if found.competency else None,
        "contexts": [named(context) for context in found.contexts],
        "rows": [row_data(row) for row in found.rows],
    }


def row_data(row):
    cells = [
        {
            "context": cell.context.slug,
            "reports": cell.reports,
            "practices": cell.practices,
            "verdicts": cell.verdicts,
        }
        for cell in row.cells
    ]
    return named(row.term) | {"reports": row.reports, "practices": row.practices, "cells": cells}


@component("EvidenceMap")
def evidence_map_shape():
    cell = thing(context=TEXT, **COUNTS, verdicts=verdicts_shape())
    row = thing(slug=TEXT, **NAMES, **COUNTS, cells=many(cell))
    return thing(
        facet=TEXT,
        competency=nullable(TEXT) | {"description": "Whose stakes the rows are; if null, competencies."},
        contexts=many(thing(slug=TEXT, **NAMES)),
        rows=many(row),
    )


class EvidenceMapViewSet(ViewSet):
    """How many published reports and practices there are of what, where, and what came of it."""

    permission_classes = [AllowAny]
    serializer_class = Serializer

    def public_state(self, **lookup):
        return read_states(), None

    @describes(
        answers=evidence_map_shape,
        parameters={
            "facet": "By whose values it is drawn, see /api/v1/facets/; audience if not given.",
            "competency": "Whose stakes are its rows, see /api/v1/competencies/.",
        },
    )
    def list(self, request):
        """Read the map: competencies, or the stakes of one, by the values of a facet."""
        found = EvidenceMap.at(request.query_params)
        return answer_unless_known(request, lambda: Response(map_data(found)), found.states)
