"""The closed lists in the hands of moderators: the verbs of a term, and what follows for what has it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.versioning import Conflict
from experiences import vocabulary
from experiences.list_index import held
from experiences.models import (
    Competency,
    Context,
    Effect,
    Experience,
    Facet,
    ListState,
    Revision,
    Situation,
    Stake,
    VocabularyChange,
    Wording,
)
from experiences.models.vocabulary.cache import lists
from experiences.models.vocabulary.touched import touched_by
from experiences.search.rebuild import differences as report_differences
from experiences.search.reports import found_by
from practices.models import Dismissal, Practice
from practices.search.rebuild import differences as practice_differences
from tests.factories import contexts, make_draft, make_published_practice, make_report, stakes

pytestmark = pytest.mark.django_db
OLD, HEIR = "moving-platform", "chasing-numbers"
NOTE = "Two words for one thing."


@pytest.fixture
def old():
    return Stake.objects.get(slug=OLD)


@pytest.fixture
def heir():
    return Stake.objects.get(slug=HEIR)


def slugs(row):
    return sorted(stake.slug for stake in stored(row).stakes.all())


def stored(row):
    return type(row).objects.get(pk=row.pk)


def found(words):
    """Return the titles of the reports that search finds by `words`."""
    return [row.title for row in found_by(f"{words} ", AnonymousUser(), 25)]


# --- Words -----------------------------------------------------------------------------------------


def test_only_moderators_reword_a_term_and_its_slug_stays(old, carol, mona):
    with pytest.raises(PermissionDenied):
        old.edit(by=carol, name_en="Moving house")
    old.edit(by=mona, name_en="Moving house", synonyms_fr="déménager")

    assert (stored(old).slug, stored(old).name_en) == (OLD, "Moving house")
    change = old.history.get()
    assert (change.verb, change.by, change.details["synonyms_fr"][1]) == ("edited", mona, "déménager")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_fr": "x" * 121}, "name_fr"),
        ({"synonyms_en": "a\0"}, "synonyms_en"),
        ({"position": 10**6}, "position"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(old, mona, words, field):
    with pytest.raises(ValidationError) as refusal:
        old.edit(by=mona, **words)
    assert list(refusal.value.message_dict) == [field]
    assert stored(old).version == old.version == 1


def test_a_stale_edit_overwrites_nothing(old, mona):
    stale = stored(old)
    old.edit(by=mona, name_en="First")
    with pytest.raises(Conflict):
        stale.edit(by=mona, name_en="Second")
    assert stored(old).name_en == "First"


def test_what_has_a_stake_is_found_by_its_new_words(old, ana, carol, chris, mona):
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris, reports=[report])
    assert found("transhumance") == []

    old.edit(by=mona, synonyms_en="transhumance")

    assert found("transhumance") == [report.title]
    assert list(report_differences(stored(report))) == []
    assert list(practice_differences(stored(practice))) == []


def test_the_lists_are_read_anew_after_an_edit(old, mona, django_capture_on_commit_callbacks):
    assert lists().stakes
    with django_capture_on_commit_callbacks(execute=True):
        old.edit(by=mona, name_en="Moving house")
    assert "Moving house" in [stake.name_en for stake in lists().stakes]


def test_loading_the_lists_again_keeps_what_moderators_wrote(old, heir, mona):
    old.edit(by=mona, name_en="Moving house")
    Competency.objects.get(slug=old.competency.slug).edit(by=mona, name_fr="Autrement")
    Wording.objects.get(kind="grade", slug="G0").edit(by=mona, meaning_en="Nobody knows yet.")
    Facet.objects.get(slug="audience").edit(by=mona, name_en="Whom it is for")
    Effect.objects.get(slug="manager-load").edit(by=mona, name_en="How much I work")
    heir.retire(by=mona, note=NOTE)
    untouched = Stake.objects.exclude(pk__in=[old.pk, heir.pk]).first()
    Stake.objects.filter(pk=untouched.pk).update(name_en="An older wording")

    call_command("load_vocabulary")
    assert stored(untouched).name_en == "An older wording"
    call_command("load_vocabulary", refresh=True)

    assert stored(old).name_en == "Moving house"
    assert stored(old.competency).name_fr == "Autrement"
    assert Wording.objects.get(kind="grade", slug="G0").meaning_en == "Nobody knows yet."
    assert Facet.objects.get(slug="audience").name_en == "Whom it is for"
    assert Effect.objects.get(slug="manager-load").name_en == "How much I work"
    assert stored(heir).retired_on is not None
    assert stored(untouched).name_en == untouched.name_en


def test_loading_the_lists_again_undoes_no_merge(heir, mona):
    tied = Stake.objects.filter(responsibilities__isnull=False).exclude(pk=heir.pk).first()
    duties = set(tied.responsibilities.all())
    tied.merge(by=mona, note=NOTE, into=heir)

    call_command("load_vocabulary", refresh=True)

    assert duties <= set(heir.responsibilities.all())
    assert not tied.responsibilities.exists()
    assert list(stored(tied).heirs.all()) == [heir]


def test_what_the_lists_say_since_is_brought_once_and_never_over_a_moderator_s_words(old, heir, mona):
    """A site that was made before the lists told stakes apart: the columns are empty."""
    shipped = {row["slug"]: row["confusion_fr"] for row in vocabulary.read("stakes.csv")}
    Stake.objects.update(confusion_en="", confusion_fr="")
    old.edit(by=mona, name_en="Moving house", confusion_en="Quite another thing.")
    Stake.objects.filter(pk=heir.pk).update(confusion_fr="Never this.")
    stored(heir).edit(by=mona, confusion_fr="")
    before, number = stored(old).version, ListState.objects.get(pk=held.VOCABULARY).number

    for _time in range(2):
        call_command("load_vocabulary")
        after = stored(old)
        assert (after.name_en, after.confusion_en) == ("Moving house", "Quite another thing.")
        assert (after.confusion_fr, after.version) == (shipped[OLD], before + 1)
        assert stored(heir).confusion_fr == ""  # A moderator wants nothing said.
        assert stored(heir).confusion_en
    assert not Stake.objects.exclude(pk=heir.pk).filter(confusion_fr="").exists()
    told = ListState.objects.get(pk=held.VOCABULARY).number
    assert told > number
    call_command("load_vocabulary")
    assert ListState.objects.get(pk=held.VOCABULARY).number == told


def test_no_stake_is_found_by_what_it_is_not(old, ana, carol, mona):
    make_report(ana, carol)
    old.edit(by=mona, confusion_en="Transhumance moves herds.")
    assert found("transhumance") == []
    assert "transhumance" not in " ".join(stored(old).picked_by())


# --- New terms -------------------------------------------------------------------------------------


def test_a_term_is_added_once_with_a_slug_of_its_english_name(old, carol, mona):
    words = {"competency": old.competency, "name_en": "Old feuds", "name_fr": "Vieilles querelles"}
    with pytest.raises(PermissionDenied):
        Stake(**words).add(by=carol)
    made = Stake(**words).add(by=mona)
    with pytest.raises(ValidationError) as refusal:
        Stake(**words).add(by=mona)

    assert (made.slug, made.address) == ("old-feuds", "stakes/old-feuds")
    assert made.position == max(
        Stake.objects.filter(competency=old.competency).values_list("position", flat=True)
    )
    assert list(refusal.value.message_dict) == ["name_en"]
    call_command("load_vocabulary", refresh=True)
    assert stored(made).name_fr == "Vieilles querelles"


def test_a_context_is_added_within_its_facet(mona):
    facet = contexts(audience=["external"])[0].facet
    made = Context(facet=facet, name_en="Both at once", name_fr="Les deux").add(by=mona)
    assert (made.slug, made.name) == ("both-at-once", "audience=both-at-once")
    assert made.position < Context.UNSTATED_FROM
    for name in ("", "???", "Unknown"):
        with pytest.raises(ValidationError):
            Context(facet=facet, name_en=name, name_fr="Les deux").add(by=mona)


# --- Retired, merged, split ------------------------------------------------------------------------


def test_a_term_is_retired_with_a_reason_and_taken_back(old, heir, carol, mona):
    with pytest.raises(PermissionDenied):
        old.retire(by=carol, note=NOTE, heirs=[heir])
    for wrong in ({"note": ""}, {"note": NOTE, "heirs": [old]}, {"note": NOTE, "heirs": [heir] * 21}):
        with pytest.raises(ValidationError):
            old.retire(by=mona, **wrong)
    old.retire(by=mona, note=NOTE, heirs=[heir])
    assert (stored(old).retired_on is not None, list(old.heirs.all())) == (True, [heir])

    with pytest.raises(ValidationError) as again:
        stored(old).retire(by=mona, note=NOTE)
    assert again.value.code == "state"
    with pytest.raises(ValidationError):
        heir.retire(by=mona, note=NOTE, heirs=[stored(old)])  # What is retired takes nobody's place.

    stored(old).restore(by=mona)
    assert (stored(old).retired_on, list(old.heirs.all())) == (None, [])
    with pytest.raises(ValidationError):
        stored(old).restore(by=mona)
    assert [change.verb for change in old.history] == ["restored", "retired"]


def test_what_the_site_needs_is_never_retired(mona):
    unknown = Context.objects.get(facet__slug="audience", slug="unknown")
    with pytest.raises(ValidationError) as refusal:
        unknown.retire(by=mona, note=NOTE)
    assert refusal.value.code == "state"


def test_a_value_of_one_facet_takes_the_place_of_another_of_that_facet_alone(mona):
    internal, external = contexts(audience=["internal", "external"])
    (kind,) = contexts(kind=["practice"])
    with pytest.raises(ValidationError) as refusal:
        internal.merge(by=mona, note=NOTE, into=kind)
    assert list(refusal.value.message_dict) == ["into"]
    internal.merge(by=mona, note=NOTE, into=external)


def test_merging_retags_reports_once_and_renews_what_finds_them(old, heir, ana, carol, mona):
    one = make_report(ana, carol, title="One")
    both = make_report(ana, carol, title="Both", stakes_=(OLD, HEIR))
    draft = make_draft(ana, title="Draft")

    old.merge(by=mona, note=NOTE, into=heir)

    assert [slugs(row) for row in (one, both, draft)] == [[HEIR]] * 3
    for report in map(stored, (one, both)):
        assert list(report_differences(report)) == []
        line = report.log.last()
        assert (line.verb, line.by, line.note) == ("retagged", None, f"{old.name_en} → {heir.name_en}")
    assert stored(one).version == one.version + 1
    with pytest.raises(Conflict):
        one.write(by=ana)  # An open page overwrites nothing.
    assert Revision.objects.filter(report=one).latest("pk").told["stakes"] == [OLD]


def test_merging_keeps_beside_each_other_what_author_and_reviewer_chose(old, heir, ana, carol, mona):
    other = stakes("personal-data")
    agreed = make_report(ana, carol).set_stakes(by=carol, stakes=[heir])
    apart = make_report(ana, carol).set_stakes(by=carol, stakes=other)
    assert apart.author_stakes == [OLD]

    old.merge(by=mona, note=NOTE, into=heir)

    assert (slugs(agreed), stored(agreed).author_stakes) == ([HEIR], [])
    assert (slugs(apart), stored(apart).author_stakes) == (["personal-data"], [HEIR])


def test_merging_retags_practices_and_leaves_frozen_versions(old, heir, ana, carol, chris, mona):
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris, reports=[report], stakes_=(OLD, HEIR))
    other = make_report(ana, carol)
    Dismissal.objects.make([report, other], old, by=carol)
    Dismissal.objects.make([report], heir, by=carol)

    old.merge(by=mona, note=NOTE, into=heir)

    after = stored(practice)
    assert (slugs(after), after.stake_slugs) == ([HEIR], [HEIR])
    assert sorted(after.current.stake_slugs) == sorted([OLD, HEIR])
    assert after.edit_version == practice.edit_version + 1
    assert list(practice_differences(after)) == []
    assert after.log.last().desk_sentence.endswith(f"{old.name_en} → {heir.name_en}.")
    assert sorted(Dismissal.objects.values_list("report", "stake")) == sorted(
        [(report.pk, heir.pk), (other.pk, heir.pk)]
    )


def test_merging_contexts_moves_situations_and_grades_again(ana, ben, carol, chris, mona):
    first = make_report(ana, carol)
    second = make_report(
        ben, carol, where={"audience": ["internal"], "kind": ["open-source"], "community-size": ["c-1k-9k"]}
    )
    practice = make_published_practice(carol, chris, reports=[first, second])
    external, internal = contexts(audience=["external"]) + contexts(audience=["internal"])
    Situation.state([internal], by=ana)
    assert practice.assessment.contexts == 2

    internal.merge(by=mona, note=NOTE, into=external)

    assert [one.slug for one in Situation.of(ana).contexts.all()] == ["external"]
    after = stored(practice)
    assert (after.assessment.contexts, list(practice_differences(after))) == (1, [])


def test_merging_many_reports_takes_as_many_queries_as_merging_few(ana, carol, mona, heir, old):
    def queries(term, into):
        with CaptureQueriesContext(connection) as asked:
            term.merge(by=mona, note=NOTE, into=into)
        return len(asked)

    for _ in range(2):
        make_report(ana, carol, stakes_=(OLD,))
    for _ in range(12):
        make_report(ana, carol, stakes_=("personal-data",))
    assert mona.has_perm("experiences.edit_vocabulary")  # Looked up once.
    ListState.advance(held.VOCABULARY)  # Made once.
    few = queries(old, heir)
    assert queries(Stake.objects.get(slug="personal-data"), heir) == few


def test_splitting_keeps_the_term_until_each_report_is_tagged_again(old, heir, ana, carol, mona):
    (other,) = stakes("personal-data")
    report, draft = make_report(ana, carol), make_draft(ana)
    with pytest.raises(ValidationError):
        old.split(by=mona, note=NOTE, heirs=[heir])
    old.split(by=mona, note=NOTE, heirs=[heir, other])
    assert slugs(report) == [OLD]
    assert list(Experience.objects.visible_to(mona).to_tag_again(old)) == [report]

    with pytest.raises(PermissionDenied):
        old.give_heirs(by=carol, choices={report: [heir]})
    assert old.give_heirs(by=mona, choices={report: [heir, other], draft: [heir]}) == 1

    assert slugs(report) == sorted([HEIR, "personal-data"])
    assert slugs(draft) == [OLD]  # Its author alone knows of it.
    assert list(report_differences(stored(report))) == []
    assert VocabularyChange.objects.first().details == {"reports": 1}


def test_a_report_gets_no_more_values_of_a_facet_than_it_may_have(ana, carol, mona):
    external, internal = contexts(audience=["external"]) + contexts(audience=["internal"])
    facet = external.facet
    third = Context(facet=facet, name_en="Mixed", name_fr="Mixte").add(by=mona)
    report = make_report(ana, carol)
    external.split(by=mona, note=NOTE, heirs=[internal, third])
    with pytest.raises(ValidationError) as refusal:
        external.give_heirs(by=mona, choices={report: [internal, third]})
    assert list(refusal.value.message_dict) == [report.public_id]
    external.give_heirs(by=mona, choices={report: [third]})
    assert "mixed" in [context.slug for context in stored(report).contexts.all()]
    assert Practice.objects.count() == 0


# --- What would be touched -------------------------------------------------------------------------


def test_a_preview_counts_what_has_the_term_and_names_what_anyone_may_read(old, ana, carol, chris, mona):
    report = make_report(ana, carol, title="Told to all")
    make_draft(ana, title="A secret draft")
    practice = make_published_practice(carol, chris, reports=[report])
    with CaptureQueriesContext(connection) as few:
        touched = touched_by(old)

    assert (touched.published_reports, touched.other_reports, touched.practices) == (1, 1, 1)
    assert (touched.reports_shown, touched.practices_shown) == ([report], [practice])
    for _ in range(3):
        make_report(ana, carol)
    with CaptureQueriesContext(connection) as many:
        assert touched_by(old).published_reports == 4
    assert len(many) == len(few)


def test_a_preview_counts_the_situations_that_have_a_context(ana):
    (external,) = contexts(audience=["external"])
    Situation.state([external], by=ana)
    assert touched_by(external).situations == 1
