"""Clusters of reports that no practice uses yet, for programs of curators."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import answer_all
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, SLUGS, TEXT, component, thing
from config.rest.views import ViewSet
from experiences.api.fields import CONTEXTS, absolute
from experiences.models import Stake
from experiences.models.report.parts import Parts
from practices.api.serializers import PracticeSerializer, practice_shape, verdicts_data, verdicts_shape
from practices.models import Cluster, Dismissal, Practice
from practices.models.cluster import main_language, shared_contexts, shared_stakes, suggested_title


class ChosenReports(serializers.Field):
    """Ids of reports of the cluster; all of them when left out."""

    shape = SLUGS | {"minItems": 1, "description": "Some reports of the cluster; all when left out."}

    def to_internal_value(self, data):
        return fields.strings(data)


class ChosenSerializer(Serializer):
    experiences = ChosenReports(required=False)


class DismissSerializer(ChosenSerializer):
    pass


class BeginSerializer(ChosenSerializer):
    title = fields.Text(Practice._meta.get_field("title"), required=False)


def cluster_data(cluster, request):
    """Return what holds a cluster together, and how its reports ended."""
    reports = [member.report for member in cluster.shown]
    contexts = {}
    for context in shared_contexts(reports):
        contexts.setdefault(context.facet.slug, []).append(context.slug)
    return {
        "id": cluster.key,
        "url": absolute({"request": request}, f"/api/v1/clusters/{cluster.key}/"),
        "html_url": absolute({"request": request}, cluster.get_absolute_url()),
        "stake": cluster.stake.slug,
        "shared_stakes": sorted(stake.slug for stake in shared_stakes(reports)),
        "shared_contexts": contexts,
        "terms": cluster.terms,
        "verdicts": verdicts_data(report.verdict for report in reports),
        "experiences": [report.public_id for report in reports],
    }


@component("Cluster")
def cluster_shape():
    return thing(
        id=TEXT,
        url=ADDRESS,
        html_url=ADDRESS,
        stake=TEXT,
        shared_stakes=SLUGS,
        shared_contexts=CONTEXTS,
        terms={"type": "object", "additionalProperties": SLUGS, "description": "By language."},
        verdicts=verdicts_shape(),
        experiences=SLUGS,
    )


class ClusterViewSet(ViewSet):
    """Reports under one stake that tell of alike things, and that no practice uses yet: for curators."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = Serializer
    lookup_field = "key"
    lookup_value_regex = "[a-z0-9]{12}"
    lookup_description = "The cluster's id."
    shape = cluster_shape

    def get_queryset(self):
        return Cluster.objects.offered_to(self.request.user)

    @describes(parameters={"stake": "A stake; see /api/v1/stakes/."})
    def list(self, request):
        """Read the clusters, the biggest first; of one stake if asked."""
        if not request.user.has_perm("practices.curate_practice"):
            raise PermissionDenied
        found = self.get_queryset()
        if slug := request.query_params.get("stake"):
            if slug not in Stake.objects.values_list("slug", flat=True):
                raise ValidationError({"stake": _("“%(slug)s” is not a stake.") % {"slug": slug[:60]}})
            found = found.filter(stake__slug=slug)
        return answer_all([cluster_data(cluster, request) for cluster in found])

    def retrieve(self, request, key):
        """Read one cluster."""
        return Response(cluster_data(self.get_object(), request))

    @action(detail=True, methods=["post"])
    @describes(takes=BeginSerializer, answers=practice_shape, code=201)
    def begin(self, request, key):
        """Begin a draft from it, with its reports, or some of them, as material."""

        def create():
            cluster = self.get_object()  # Here: once begun, a cluster is gone, and the key must still answer.
            given = self.read_body()
            reports = self.chosen(cluster, given)
            practice = Practice.begin_from(
                reports,
                by=request.user,
                parts=Parts(stakes=[cluster.stake]),
                title=given.get("title") or suggested_title(cluster, reports),
                language=main_language(reports),
            )
            made = Practice.objects.visible_to(request.user).for_detail().get(pk=practice.pk)
            data = PracticeSerializer(made, context={"request": request, "copy": "working"}).data
            return Response(data, status=status.HTTP_201_CREATED, headers={"Location": data["url"]})

        return once(request, create)

    @action(detail=True, methods=["post"])
    @describes(takes=DismissSerializer, code=204)
    def dismiss(self, request, key):
        """Set its reports, or some of them, aside: no cluster of this stake shows them again."""
        cluster = self.get_object()
        reports = self.chosen(cluster, self.read_body())
        Dismissal.objects.make(reports, cluster.stake, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def chosen(self, cluster, given):
        """Return the reports that the body names; refuse one that is not in the cluster."""
        known = {member.report.public_id: member.report for member in cluster.shown}
        wanted = given.get("experiences", list(known))
        if not wanted or not known.keys() >= set(wanted):
            raise ValidationError({"experiences": _("Name reports of this cluster, or leave them out.")})
        return [known[one] for one in known if one in wanted]
