"""The rows that tie a report to its stakes, contexts and keywords (taggit's through models)."""

from django.db import models
from taggit.models import ItemBase, Tag, TaggedItemBase

from experiences.models.vocabulary.terms import Context, Stake


def replace_links(links, tags, fresh=False):
    """Make the through rows of one row (`links`, a related manager) those of `tags`, in few statements.

    `fresh`: there are none yet.
    """
    wanted = {tag.pk for tag in tags}
    held = set() if fresh else set(links.values_list("tag_id", flat=True))
    if held - wanted:
        links.filter(tag__in=held - wanted).delete()
    if wanted - held:
        new = [links.model(content_object=links.instance, tag_id=pk) for pk in sorted(wanted - held)]
        links.bulk_create(new)


def drop_unused(keywords):
    """Delete those of `keywords` (keys of plain tags) that no report has: a free word may tell as much as
    a sentence.
    """
    Tag.objects.filter(pk__in=keywords, experiences=None).delete()


class ReportStake(ItemBase):
    content_object = models.ForeignKey(
        "experiences.Experience", on_delete=models.CASCADE, related_name="stake_links"
    )
    tag = models.ForeignKey(Stake, on_delete=models.PROTECT, related_name="report_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_report_names_a_stake_once")
        ]


class ReportContext(ItemBase):
    content_object = models.ForeignKey(
        "experiences.Experience", on_delete=models.CASCADE, related_name="context_links"
    )
    tag = models.ForeignKey(Context, on_delete=models.PROTECT, related_name="report_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_report_names_a_context_once")
        ]


class ReportKeyword(TaggedItemBase):
    content_object = models.ForeignKey(
        "experiences.Experience", on_delete=models.CASCADE, related_name="keyword_links"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_report_names_a_keyword_once")
        ]
