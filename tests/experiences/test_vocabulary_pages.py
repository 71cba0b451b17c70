"""The pages on which moderators keep the closed lists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.models import Competency, Context, Effect, Experience, Facet, Stake, Wording
from tests.factories import contexts, make_draft, make_published_practice, make_report, stakes

pytestmark = pytest.mark.django_db
OLD, HEIR, OTHER = "moving-platform", "chasing-numbers", "personal-data"
PAGE, NOTE = f"/vocabulary/stakes/{OLD}/", "Two words for one thing."
WORDS = {
    "name_en": "Moving house", "name_fr": "Déménager", "definition_en": "", "definition_fr": "",
    "synonyms_en": "", "synonyms_fr": "", "position": "3",
}  # fmt: skip


def words(version=1, **changes):
    competency = Stake.objects.get(slug=OLD).competency_id
    return WORDS | {"competency": competency, "version": version} | changes


def old():
    return Stake.objects.get(slug=OLD)


def heirs(*slugs):
    return [stake.pk for stake in stakes(*slugs)]


def test_only_moderators_come_in(browse, ben, carol, mona):
    group = old().competency.slug
    old().split(by=mona, note=NOTE, heirs=stakes(HEIR, OTHER))
    for address in ("/vocabulary/", PAGE, f"/vocabulary/new/stakes/?group={group}", f"{PAGE}reports/"):
        assert browse().get(address).status_code == 302
        for person in (ben, carol):
            assert browse(person).get(address).status_code == 403
        assert browse(mona).get(address).status_code == 200, address
    assert browse(carol).post(f"{PAGE}do/edit/", words()).status_code == 403
    assert browse().post(f"{PAGE}do/edit/", words()).status_code == 403
    assert old().name_en != "Moving house"


def test_the_menu_and_a_stake_s_page_lead_there_for_moderators_alone(browse, carol, mona):
    for person, leads in ((carol, False), (mona, True)):
        page = browse(person).get(f"/stakes/{OLD}/").content.decode()
        assert (f'href="{PAGE}"' in page, 'href="/vocabulary/"' in page) == (leads, leads)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", OLD, ""),
        ("?q=plateforme", OLD, HEIR),
        ("?state=retired", HEIR, OLD),
        ("?state=in-use", OLD, HEIR),
        ("?q=zyzzyva", "No term has these words.", OLD),
        ("?q=\0&state=x", "Vocabulary", ""),
    ],
)
def test_the_list_is_narrowed_by_words_and_state(browse, mona, query, shown, hidden):
    stakes(HEIR)[0].retire(by=mona, note=NOTE)
    page = browse(mona).get(f"/vocabulary/{query}").content.decode()
    assert shown in page
    assert not hidden or f"stakes/{hidden}/" not in page


def test_words_are_saved_and_told_in_the_history(browse, mona):
    answer = browse(mona).post(f"{PAGE}do/edit/", words(), follow=True)
    assert (old().name_en, old().version) == ("Moving house", 2)
    page = answer.content.decode()
    assert "The words are saved." in page
    assert "Moving to another platform → Moving house" in page


def test_refused_words_stay_on_the_page(browse, mona):
    answer = browse(mona).post(f"{PAGE}do/edit/", words(name_en="", name_fr="Tout autre chose"))
    assert answer.status_code == 422
    assert "Tout autre chose" in answer.content.decode()
    assert "name_en" in answer.context["refused"].errors


def test_a_stale_edit_shows_both_texts_and_overwrites_nothing(browse, mona):
    old().edit(by=mona, name_en="First")
    answer = browse(mona).post(f"{PAGE}do/edit/", words(name_en="Second"))
    assert (answer.status_code, old().name_en) == (409, "First")
    page = answer.content.decode()
    assert "First" in page
    assert "Second" in page
    assert browse(mona).post(f"{PAGE}do/edit/", words(version=2, name_en="Second")).status_code == 302


@pytest.mark.parametrize(
    ("model", "lookup", "given"),
    [
        (
            Context,
            {"facet__slug": "audience", "slug": "internal"},
            {"name_en": "Inside", "name_fr": "Dedans"},
        ),
        (Competency, {"position": 0}, {"name_en": "Area", "name_fr": "Domaine"}),
        (Wording, {"kind": "grade", "slug": "G0"}, {"name_en": "Told", "name_fr": "Raconté"}),
        (Facet, {"slug": "audience"}, {"name_en": "Whom", "name_fr": "Pour qui"}),
        (Effect, {"slug": "manager-load"}, {"name_en": "My load", "name_fr": "Ma charge"}),
    ],
)
def test_the_words_of_each_list_are_edited(browse, mona, model, lookup, given):
    row = model.objects.get(**lookup)
    assert row.vocabulary_url in browse(mona).get("/vocabulary/").content.decode()
    assert browse(mona).get(row.vocabulary_url).status_code == 200
    answer = browse(mona).post(f"{row.vocabulary_url}do/edit/", given | {"version": 1})
    assert answer.status_code == 302
    assert model.objects.get(pk=row.pk).name_fr == given["name_fr"]


def test_a_term_is_added_in_its_group(browse, mona):
    stake, facet = old(), contexts(audience=["internal"])[0].facet
    pages = {
        f"/vocabulary/new/stakes/?group={stake.competency.slug}": Stake,
        f"/vocabulary/new/contexts/?group={facet.slug}": Context,
    }
    for address, model in pages.items():
        given = {"name_en": "Brand new", "name_fr": "Tout neuf"}
        given |= {"competency": stake.competency_id} if model is Stake else {}
        answer = browse(mona).post(address, given)
        assert answer["Location"] == model.objects.get(slug="brand-new").vocabulary_url
        again = browse(mona).post(address, given)
        assert (again.status_code, list(again.context["form"].errors)) == (422, ["name_en"])
    assert browse(mona).get("/vocabulary/new/effects/?group=x").status_code == 404
    assert browse(mona).get("/vocabulary/new/stakes/?group=x").status_code == 404


@pytest.mark.parametrize(
    ("verb", "given"),
    [("merge", {"into": HEIR}), ("split", {"heirs": [HEIR, OTHER]}), ("retire", {"heirs": [HEIR]})],
)
def test_what_touches_much_is_shown_before_it_is_done(browse, ana, carol, chris, mona, verb, given):
    report = make_report(ana, carol, title="Told to all")
    make_draft(ana, title="A secret draft")
    make_published_practice(carol, chris, reports=[report])
    ((name, slugs),) = given.items()
    sent = {name: heirs(*([slugs] if isinstance(slugs, str) else slugs)), "note": NOTE, "version": 1}

    preview = browse(mona).post(f"{PAGE}do/{verb}/", sent)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "Told to all" in page
    assert "secret" not in page
    assert old().retired_on is None

    done = browse(mona).post(f"{PAGE}do/{verb}/", sent | {"confirmed": "yes"})
    assert done.status_code == 302
    assert (old().retired_on is not None, old().history.get().note) == (True, NOTE)


def test_a_refused_merge_keeps_what_was_typed(browse, mona):
    answer = browse(mona).post(f"{PAGE}do/merge/", {"into": "", "note": "Because of this.", "version": 1})
    assert answer.status_code == 422
    assert "Because of this." in answer.content.decode()
    assert list(answer.context["refused"].errors) == ["into"]


def test_a_retired_term_is_taken_back(browse, mona):
    old().retire(by=mona, note=NOTE)
    assert "do/restore/" in browse(mona).get(PAGE).content.decode()
    assert browse(mona).post(f"{PAGE}do/restore/", {"note": "", "version": 2}).status_code == 302
    assert old().retired_on is None


def test_reports_of_a_split_term_are_tagged_again_25_at_a_time(browse, ana, carol, chris, mona):
    reports = [make_report(ana, carol, title=f"Told {number}") for number in range(27)]
    make_draft(ana, title="A secret draft")
    practice = make_published_practice(carol, chris, reports=reports[:1], title="A way to move")
    old().split(by=mona, note=NOTE, heirs=stakes(HEIR, OTHER))
    address = f"{PAGE}reports/"
    page = browse(mona).get(address)
    shown = list(page.context["form"].reports)
    assert len(shown) == 25
    assert "secret" not in page.content.decode()
    assert practice.title in page.content.decode()
    following = browse(mona).get(f"{address}?after={page.context['after']}")
    assert len(following.context["form"].reports) == 2

    sent = {"reports": shown, shown[0]: [HEIR], shown[1]: [HEIR, OTHER]}
    assert browse(mona).post(address, sent).status_code == 302

    tagged = {one: Experience.objects.get(public_id=one) for one in shown[:3]}
    assert [sorted(stake.slug for stake in one.stakes.all()) for one in tagged.values()] == [
        [HEIR],
        [HEIR, OTHER],
        [OLD],
    ]
    assert browse(mona).post(address, sent | {shown[2]: ["nothing"]}).status_code == 422


def test_pages_ask_as_much_for_many_as_for_few(browse, ana, carol, mona):
    old().split(by=mona, note=NOTE, heirs=stakes(HEIR, OTHER))
    browser = browse(mona)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            for address in ("/vocabulary/", PAGE, f"{PAGE}reports/"):
                assert browser.get(address).status_code == 200
        return len(asked)

    Stake.objects.filter(slug=OLD).update(retired_on=None)
    for _ in range(2):
        make_report(ana, carol)
    Stake.objects.filter(slug=OLD).update(retired_on="2026-01-01")
    queries()
    few = queries()
    for _ in range(8):
        make_report(ana, carol, stakes_=(OLD,))
        old().edit(by=mona, position=old().position + 1)
    assert queries() == few
