"""Clusters of reports that no practice uses yet, for programs of curators."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from accounts.api.idempotency import once
from config.rest import fields
from config.rest.operations import describes
from config.rest.pages import CURSOR, answer_all, answer_page, page_shape
from config.rest.serializers import Serializer
from config.rest.shapes import ADDRESS, SLUGS, TEXT, component, nullable, one_of, thing
from config.rest.views import ViewSet
from experiences.api.fields import CONTEXTS, SLUG, absolute
from experiences.api.serializers import experience_item_shape, list_items
from experiences.models import Experience, Stake
from experiences.models.report.parts import Parts
from experiences.search.pagination import keyset_page
from practices.api.serializers import PracticeSerializer, practice_shape, verdicts_shape
from practices.api.verb_bodies import ReportsField
from practices.list_index.items import verdicts_data
from practices.models import Cluster, Dismissal, Practice
from practices.models.cluster import (
    Voice,
    main_language,
    shared_contexts,
    shared_stakes,
    suggested_title,
    with_voices,
)
from practices.models.practice.state import require_curator


class ChosenReports(serializers.Field):
    """Ids of reports of the cluster; all of them when left out."""

    shape = SLUGS | {"minItems": 1, "description": "Some reports of the cluster; all when left out."}

    def to_internal_value(self, data):
        return fields.strings(data)


class ChosenSerializer(Serializer):
    experiences = ChosenReports(required=False)


class DismissSerializer(ChosenSerializer):
    pass


class StakeField(fields.Text):
    """The slug of a stake."""

    def to_internal_value(self, data):
        return stake_named(super().to_internal_value(data))


class AsideSerializer(Serializer):
    stake = StakeField(help_text="See /api/v1/stakes/.")
    experiences = ReportsField()


class BeginSerializer(ChosenSerializer):
    title = fields.Text(Practice._meta.get_field("title"), required=False)


def stake_named(slug):
    """Return the stake with this slug, or refuse it."""
    found = SLUG.fullmatch(slug) and Stake.objects.filter(slug=slug).first()
    if not found:
        raise ValidationError({"stake": _("“%(slug)s” is not a stake.") % {"slug": slug[:60]}})
    return found


def clusters_data(clusters, request):
    """Return what holds each of `clusters` together, and how its reports ended."""
    return [_cluster_data(cluster, voice, request) for cluster, voice in with_voices(clusters)]


def _cluster_data(cluster, voice, request):
    reports = cluster.reports
    contexts = {}
    for context in shared_contexts(reports):
        contexts.setdefault(context.facet.slug, []).append(context.slug)
    return {
        "id": cluster.key,
        "url": absolute({"request": request}, f"/api/v1/clusters/{cluster.key}/"),
        "html_url": absolute({"request": request}, cluster.get_absolute_url()),
        "stake": cluster.stake.slug,
        "one_voice": voice,
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
        one_voice=nullable(
            one_of(Voice.values) | {"description": "Whose, where all are signed by one author or from one."}
        ),
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
        require_curator(request.user)
        found = self.get_queryset()
        if slug := request.query_params.get("stake"):
            found = found.filter(stake=stake_named(slug))
        return answer_all(clusters_data(found, request))

    def retrieve(self, request, key):
        """Read one cluster."""
        for data in clusters_data([self.get_object()], request):
            return Response(data)
        raise Http404

    @action(detail=False)
    @describes(
        answers=page_shape(experience_item_shape, "AsideList"),
        parameters={"stake": "A stake; see /api/v1/stakes/.", "cursor": CURSOR},
    )
    def aside(self, request):
        """Read the reports that were set aside under a stake, the newest first."""
        require_curator(request.user)
        stake = stake_named(request.query_params.get("stake", ""))
        known = Experience.objects.visible_to(request.user).published().filter(dismissals__stake=stake)
        page = keyset_page(known.for_list(), ["-order_key"], request.query_params.get("cursor", ""), 25)
        page.count = known.count()
        return answer_page(request, page, list_items(page.rows, {"request": request}))

    @aside.mapping.post
    @describes(takes=AsideSerializer, code=204)
    def set_aside(self, request):
        """Set reports aside under a stake, in a cluster or not: no cluster of it shows them again."""
        require_curator(request.user)
        given = self.read_body()
        Dismissal.objects.make(given["experiences"], given["stake"], by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=False, methods=["post"], url_path="take-back")
    @describes(takes=AsideSerializer, code=204)
    def take_back(self, request):
        """Let clusters of a stake show reports again that were set aside under it."""
        require_curator(request.user)
        given = self.read_body()
        Dismissal.objects.take_back(given["experiences"], given["stake"], by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

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
        known = {report.public_id: report for report in cluster.reports}
        wanted = given.get("experiences", list(known))
        if not wanted or not known.keys() >= set(wanted):
            raise ValidationError({"experiences": _("Name reports of this cluster, or leave them out.")})
        return [known[one] for one in known if one in wanted]
