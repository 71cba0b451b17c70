"""Keywords that authors use often: proposed to moderators as terms, made everyday words, or dismissed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from experiences.models import DismissedKeyword, Experience, FrequentKeyword, GlossaryEntry, Stake
from experiences.models.vocabulary.keywords import LEAST_AUTHORS, LEAST_REPORTS
from tests.conftest import make_person
from tests.factories import make_draft, make_report

pytestmark = pytest.mark.django_db
PAGE, API = "/vocabulary/keywords/", "/api/v1/keywords/"
WORD = "Café du lundi"
STAKE = "stakes/steady-rhythm"


@pytest.fixture
def authors():
    return [make_person(f"author{number}") for number in range(LEAST_AUTHORS)]


@pytest.fixture
def tell(carol):
    """Return a function that publishes reports with a keyword, one for each of some authors."""

    def told(by, word=WORD, **given):
        return [make_report(one, carol, keywords=[word], **given) for one in by]

    return told


@pytest.fixture
def often(tell, authors):
    """The keyword, which just enough reports of just enough authors have."""
    tell([*authors, *authors][:LEAST_REPORTS])
    return found()


def found(word="café du lundi"):
    return FrequentKeyword.objects.get(name=word)


def names():
    return [row.name for row in FrequentKeyword.objects.proposed()]


def text(answer, code=200):
    assert answer.status_code == code
    return answer.content.decode()


# --- What is proposed ------------------------------------------------------------------------------


def test_a_keyword_is_proposed_once_enough_reports_of_enough_authors_have_it(tell, authors):
    tell([authors[0]] * LEAST_REPORTS)
    tell([authors[1]])
    assert names() == []
    (last,) = tell([authors[2]])
    assert names() == ["café du lundi"]
    assert FrequentKeyword.objects.proposed()[0].reports == LEAST_REPORTS + 2
    last.withdraw(by=authors[2], note="It was told twice.")
    assert names() == []


def test_what_is_not_published_counts_for_nothing(tell, authors):
    tell([*authors, *authors][: LEAST_REPORTS - 1])
    make_draft(authors[0], keywords=[WORD])
    assert names() == []


def test_the_most_used_come_first(tell, authors):
    for word, more in (("second", 0), ("first", 1), ("third", 0)):
        tell(([*authors] * 3)[: LEAST_REPORTS + more], word)
    assert names() == ["first", "second", "third"]


@pytest.mark.parametrize("word", ["NÉWSLETTER", "lurker", "Métier  reconnu", "sso", "open source"])
def test_what_a_term_is_called_already_is_not_proposed(tell, authors, word):
    tell([*authors, *authors], word)
    assert names() == []


def test_it_is_counted_in_as_many_queries_for_many_reports_as_for_few(tell, authors, browse, mona):
    client = browse(mona)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert "café du lundi" in text(client.get(PAGE))
        return len(asked)

    tell([*authors, *authors])
    queries()  # What is read once is read.
    few = queries()
    tell([*authors, *authors])
    tell([*authors, *authors], "another")
    assert queries() == few


# --- Verbs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [STAKE, "glossary/lurker"])
def test_a_keyword_becomes_an_everyday_word_of_a_term(often, mona, carol, address):
    model, slug = (Stake if address == STAKE else GlossaryEntry), address.split("/")[1]
    term = model.objects.get(slug=slug)
    before = (term.synonyms_en, term.synonyms)
    with pytest.raises(PermissionDenied):
        often.add_to(by=carol, term=term, languages=["fr"])
    often.add_to(by=mona, term=term, languages=["fr"])

    term = model.objects.get(slug=slug)
    assert (term.synonyms_en, term.synonyms_fr.split("; ")[-1]) == (before[0], "café du lundi")
    assert term.history.get().by == mona
    assert names() == []
    with pytest.raises(ValidationError) as again:
        often.add_to(by=mona, term=term, languages=["en"])
    assert again.value.code == "state"


def test_a_term_out_of_use_or_a_word_without_language_is_refused(often, mona):
    gone = Stake.objects.get(slug="steady-rhythm").retire(by=mona, note="Said otherwise.")
    for term in (None, gone):
        with pytest.raises(ValidationError) as refusal:
            often.add_to(by=mona, term=term, languages=[])
        assert set(refusal.value.message_dict) == {"term", "languages"}


def test_a_word_that_is_several_is_refused(tell, authors, mona):
    tell([*authors, *authors], "one; two")
    term = Stake.objects.get(slug="steady-rhythm")
    with pytest.raises(ValidationError) as refusal:
        found("one; two").add_to(by=mona, term=term, languages=["en"])
    assert refusal.value.code == "semicolon"


def test_a_keyword_is_dismissed_and_proposed_again(often, mona, carol):
    with pytest.raises(PermissionDenied):
        often.dismiss(by=carol)
    often.dismiss(by=mona)
    assert names() == []
    assert [(row.name, row.dismissal.by) for row in FrequentKeyword.objects.dismissed()] == [
        ("café du lundi", mona)
    ]
    with pytest.raises(ValidationError):
        found().dismiss(by=mona)
    with pytest.raises(PermissionDenied):
        often.restore(by=carol)
    often.restore(by=mona)
    assert names() == ["café du lundi"]
    with pytest.raises(ValidationError):
        often.restore(by=mona)


def test_a_dismissal_is_forgotten_with_the_last_report_that_has_the_word(often, mona):
    often.dismiss(by=mona)
    for report in Experience.objects.all():
        report.erase(by=report.author)
    assert not Tag.objects.filter(name="café du lundi").exists()
    assert not DismissedKeyword.objects.exists()


def test_a_dismissed_word_that_is_public_no_more_is_not_known(often, browse, mona):
    often.dismiss(by=mona)
    for report in Experience.objects.all():
        assert [row.name for row in FrequentKeyword.objects.dismissed()] == ["café du lundi"]
        report.withdraw(by=report.author, note="It was told twice.")
    assert not FrequentKeyword.objects.dismissed()
    assert browse(mona).get(f"{PAGE}{often.pk}/").status_code == 404
    assert DismissedKeyword.objects.exists()


# --- Pages -----------------------------------------------------------------------------------------


def test_only_moderators_know_of_them(often, browse, api, ben, carol):
    for address in (PAGE, f"{PAGE}{often.pk}/"):
        assert browse().get(address).status_code == 302
    for person in (ben, carol):
        for address in (PAGE, f"{PAGE}{often.pk}/"):
            assert browse(person).get(address).status_code == 403
        assert browse(person).post(f"{PAGE}{often.pk}/do/dismiss/").status_code == 403
        assert api(person).get(API).status_code == 403
        assert api(person).get(f"{API}{often.pk}/").status_code == 403
    assert not DismissedKeyword.objects.exists()


def test_a_keyword_that_is_not_used_often_is_not_there(tell, authors, browse, api, mona):
    tell(authors)
    assert browse(mona).get(f"{PAGE}{found().pk}/").status_code == 404
    assert browse(mona).post(f"{PAGE}{found().pk}/do/dismiss/").status_code == 404
    assert api(mona).get(f"{API}{found().pk}/").status_code == 404


def test_the_page_leads_to_the_reports_and_tells_nothing_of_authors(often, authors, browse, mona):
    listed, page = text(browse(mona).get(PAGE)), text(browse(mona).get(f"{PAGE}{often.pk}/"))
    for told in (listed, page):
        assert 'href="/experiences/?keyword=caf%C3%A9%20du%20lundi"' in told
        assert not any(one.display_name in told for one in authors)
    assert page.count('<li lang="en">') == min(LEAST_REPORTS, 5)
    assert PAGE in text(browse(mona).get("/vocabulary/"))


def test_a_moderator_decides_on_the_page(often, browse, mona):
    client, at = browse(mona), f"{PAGE}{often.pk}/"
    assert "Nothing" not in text(client.post(f"{at}do/dismiss/", follow=True))
    assert "café du lundi" not in text(client.get(PAGE))
    assert f"Not a term, as {mona} said on" in text(client.get(f"{PAGE}?state=dismissed"))
    client.post(f"{at}do/restore/")
    refused = text(client.post(f"{at}do/add/", {"term": "", "languages": []}), 422)
    assert "Choose at least one language." in refused
    done = client.post(f"{at}do/add/", {"term": STAKE, "languages": ["en", "fr"]}, follow=True)
    assert "The keyword is now an everyday word of the term." in text(done)
    assert "café du lundi" not in text(client.get(PAGE))
    assert Stake.objects.get(slug="steady-rhythm").synonyms_en.endswith("; café du lundi")
    assert client.post(f"{at}do/nothing/").status_code == 404


def test_the_form_knows_the_language_of_the_reports(tell, authors, browse, mona):
    tell([*authors, *authors], language="fr")
    form = browse(mona).get(f"{PAGE}{found().pk}/").context["buttons"][0]["form"]
    assert form["languages"].value() == ["fr"]


def test_the_list_is_turned_by_pages(tell, authors, browse, api, mona, monkeypatch):
    for module in ("views.vocabulary", "api"):
        monkeypatch.setattr(f"experiences.{module}.keywords.ON_A_PAGE", 1)
    for word in ("first", "second"):
        tell([*authors, *authors], word)
    page = text(browse(mona).get(PAGE))
    assert 'href="?page=2"' in page
    assert "second" not in page
    assert "second" in text(browse(mona).get(f"{PAGE}?page=2"))
    assert "second" not in text(browse(mona).get(f"{PAGE}?page=x"))
    answer = api(mona).get(API).json()
    assert (answer["count"], [row["name"] for row in answer["results"]]) == (2, ["first"])
    assert [row["name"] for row in api(mona).get(answer["next"]).json()["results"]] == ["second"]


# --- Programs --------------------------------------------------------------------------------------


def test_programs_do_what_the_pages_do(often, api, mona):
    program, at = api(mona), f"{API}{often.pk}/"
    assert program.get(API).json()["results"] == [program.get(at).json()]
    told = program.post(f"{at}dismiss/").json()
    assert (told["name"], told["dismissed_by"]) == ("café du lundi", {"name": str(mona)})
    assert program.get(API).json()["results"] == []
    assert program.get(f"{API}?state=dismissed").json()["results"] == [told]
    assert program.post(f"{at}dismiss/").status_code == 400
    assert program.post(f"{at}restore/").json()["dismissed_on"] is None
    done = program.post(f"{at}add/", {"term": "glossary/lurker", "languages": ["en"]})
    assert done.json()["reports"] == LEAST_REPORTS
    assert "café du lundi" in program.get("/api/v1/glossary/lurker/").json()["synonyms_en"]
    assert program.get(API).json()["results"] == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"term", "languages"}),
        ({"term": "stakes/nothing", "languages": ["en"]}, {"term"}),
        ({"term": "facets/audience", "languages": ["en"]}, {"term"}),
        ({"term": STAKE, "languages": ["de"]}, {"languages"}),
        ({"term": STAKE, "languages": "en"}, {"languages"}),
        ({"term": STAKE, "languages": ["en"], "name": "x"}, {"name"}),
    ],
)
def test_what_a_program_sends_is_judged(often, api, mona, body, fields):
    answer = api(mona).post(f"{API}{often.pk}/add/", body)
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert api(mona).get(f"{API}?state=x").status_code == 400
    assert api(mona).get(f"{API}?cursor=x").status_code == 400
