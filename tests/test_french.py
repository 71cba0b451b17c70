"""The French of the interface: complete, in the words of the vocabulary, and where it is due."""

import gettext
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Invitation
from accounts.openid_connect.refusals import REFUSALS, refusal_page
from config.openid_connect import Provider
from experiences import vocabulary
from experiences.models import Experience
from practices.grading import Fact, TrialFact, assess
from practices.models import Evidence, Practice
from tests.factories import make_practice, make_report

CATALOGUE = settings.BASE_DIR / "config" / "locale" / "fr" / "LC_MESSAGES"
ENGLISH = re.compile(r"\b(the|your|you|and|with|this|that|of|from|not|is|are|has|have|was|were)\b", re.I)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-l", "data-y")


@pytest.fixture(scope="module")
def sentences():
    """What the compiled catalogue says for each English sentence."""
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        return {key: text for key, text in gettext.GNUTranslations(compiled)._catalog.items() if key}


class Said(HTMLParser):
    """What a page says to a French reader: its words, but for those marked as of another language."""

    def __init__(self, page):
        super().__init__()
        self.open, self.said = [("", True)], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        french = attrs["lang"] == "fr" if "lang" in attrs else self.open[-1][1]
        heard = french and tag not in ("script", "style", "code", "pre")
        self.said += [attrs[name] for name in SPOKEN if heard and attrs.get(name)]
        if tag not in VOID:
            self.open.append((tag, heard))

    def handle_endtag(self, tag):
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if self.open[-1][1] and text.strip():
            self.said.append(" ".join(text.split()))


def french(browser, path):
    return browser.get(path, headers={"accept-language": "fr"})


def english_in(answer):
    assert answer.headers["Content-Language"] == "fr"
    said = Said(answer.content.decode()).said
    assert "Aller au contenu" in said
    return [text for text in said if ENGLISH.search(text)]


# The catalogue


def test_every_sentence_collected_is_translated_and_compiled(sentences):
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    assert "#, fuzzy" not in source
    collected = set(re.findall(r'^msgid "(.+)"$', source, re.M))
    compiled = {(key[0] if isinstance(key, tuple) else key).split("\4")[-1] for key in sentences}
    assert {text.replace('\\"', '"').replace("\\n", "\n") for text in collected} - compiled == set()


def test_the_french_keeps_the_placeholders(sentences):
    def placeholders(text):
        return set(re.findall(r"%\(\w+\)s", text))

    wrong = [
        key
        for key, text in sentences.items()
        if not isinstance(key, tuple) and placeholders(text) != placeholders(key)
    ]
    assert wrong == []


# A straight apostrophe; a space that lets go of what it holds; a wide one where a narrow one is due.
CARELESS = re.compile(
    r"\w'|[ \u00a0][;!?](?=\s|$)|[ \u202f]:(?=\s|$)|« | »|(?<!\u202f)%%|\d[ \u00a0]\d{3}(?!\d)"
)


def test_the_french_is_written_as_the_french_do(sentences):
    assert [text for text in sentences.values() if CARELESS.search(text)] == []


@pytest.mark.parametrize("name", sorted(path.name for path in vocabulary.FOLDER.glob("*.csv")))
def test_the_lists_are_written_with_care(name):
    rows = vocabulary.read(name)
    french = [text for row in rows for column, text in row.items() if column.endswith("_fr")]
    english = [text for row in rows for column, text in row.items() if column.endswith("_en")]
    assert [text for text in french if CARELESS.search(text)] == []
    assert [text for text in english if re.search(r"\w'|\d[ \u00a0]\d{3}(?!\d)", text)] == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("shipped", "choices"),
    [
        ("verdicts.csv", Experience.Verdict),
        ("report_strengths.csv", Experience.Strength),
        ("bearings.csv", Evidence.Bearing),
        ("grades.csv", Practice.Grade),
    ],
)
def test_choices_are_named_as_the_vocabulary_names_them(shipped, choices, language):
    with override(language):
        named = [str(label) for label in choices.labels]
    assert named == [row[f"name_{language}"] for row in vocabulary.read(shipped)]


# The pages

OPEN_PAGES = [
    "/figures/",
    "/",
    "/experiences/",
    "/experiences/?q=introuvable&verdict=worked",
    "/experiences/?unknown=1",
    "/practices/",
    "/practices/grading/",
    "/stakes/",
    "/stakes/first-steps/",
    "/map/",
    "/map/?facet=kind&competency=tools",
    "/glossary/",
    "/glossary/trade/",
    "/glossary/trade/lurker/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/about/",
    "/contact/",
    "/legal/",
    "/privacy/",
    "/terms/",
    "/accessibility/",
    "/nowhere/",
]
OWN_PAGES = [
    "/experiences/new/",
    "/experiences/mine/",
    "/notifications/",
    "/notifications/choices/",
    "/situation/",
    "/practices/desk/",
    "/practices/clusters/",
    "/practices/clusters/?stake=first-steps",
    "/practices/new/",
    "/practices/mine/",
    "/accounts/me/",
    "/accounts/tokens/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/logout/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_visitor_reads_no_english_of_ours(browse, path):
    assert english_in(french(browse(), path)) == []


@pytest.mark.parametrize("path", OWN_PAGES)
def test_a_curator_reads_no_english_of_ours(browse, carol, path):
    assert english_in(french(browse(carol), path)) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "stakes/first-steps/",
        "contexts/audience/internal/",
        "wordings/grade/G0/",
        "keywords/",
        "keywords/?state=dismissed",
    ],
)
def test_a_moderator_reads_no_english_of_ours(browse, mona, path):
    assert english_in(french(browse(mona), f"/vocabulary/{path}")) == []


@pytest.mark.parametrize("path", ["/site/", "/site/texts/terms/", "/privacy/"])
def test_who_runs_the_site_reads_no_english_of_ours(browse, mona, path):
    assert english_in(french(browse(mona), path)) == []


@pytest.mark.parametrize("state", ["pending", "accepted", "expired", "revoked"])
def test_who_invites_reads_no_english_of_ours(browse, mona, state):
    for number, column in enumerate(("invited_at", "accepted_at", "expires_at", "revoked_at")):
        row, _key = Invitation.issue(f"n{number}@example.net", by=mona, language="fr")
        Invitation.objects.filter(pk=row.pk).update(**{column: timezone.now()})
    assert english_in(french(browse(mona), f"/accounts/invitations/?state={state}")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("signup", ["invited", "sso"])
def test_a_closed_site_says_so_in_french(browse, settings, signup):
    settings.SIGNUP = signup
    settings.OPENID_CONNECT = Provider("https://login.example", "retex", "x", "Exemple")
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/oidc/organisation/login/"):
        assert english_in(french(browse(), path)) == []
    assert english_in(french(browse(), "/accounts/invitation/guessed/")) == []


@pytest.mark.parametrize("reason", REFUSALS)
def test_why_nobody_came_in_is_told_in_french(rf, settings, reason):
    settings.OPENID_CONNECT = Provider("https://login.example", "retex", "x", "Exemple")
    with override("fr"):
        page = refusal_page(rf.get("/"), reason).content.decode()
    assert [text for text in Said(page).said if ENGLISH.search(text)] == []


def test_a_report_and_a_practice_are_framed_in_french(browse, ana, carol, chris):
    report = make_report(ana, carol, title="Récit", language="fr")
    practice = make_practice(chris, reports=[report], title="Accueillir", language="fr")
    for person, path in (
        (None, report.get_absolute_url()),
        (ana, report.get_absolute_url()),
        (carol, reverse("practices:workbench", args=[practice.slug])),
    ):
        page = french(browse(person), path).content.decode()
        assert "Contexte" in page or "Affirmations" in page
        for sentence in ("Used as evidence in", "What came of it", "Claims", "Published", "Report a problem"):
            assert sentence not in page


def test_months_and_days_are_written_in_french(browse, ana, carol):
    report = make_report(ana, carol, started_on="2024-08", ended_on="2025-02")
    page = french(browse(), report.get_absolute_url()).content.decode()
    assert "août 2024 à février 2025" in page
    assert re.search(r"Publié\xa0: \d{1,2}(?:er)? \w+ \d{4}", page)


def test_a_grade_counts_as_the_french_do():
    facts = [Fact("supports", author=1, organisation="One")]
    trials = [TrialFact("worked", author=2)]
    with override("fr"):
        said = assess(facts, trials).reasons
    assert said[:2] == [
        "1 récit et 1 essai, de 1 organisation ou auteur, l’appuient.",
        "Aucun ne la contredit.",
    ]


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_french(browse):
    answer = french(browse(), "/nowhere/")
    assert answer.status_code == 404
    assert "Cette page n’est pas dans le carnet" in answer.content.decode()


def test_a_form_refuses_in_french(browse, ana):
    answer = browse(ana).post(
        "/accounts/me/", {"display_name": "A" * 81, "language": "fr"}, headers={"accept-language": "fr"}
    )
    assert answer.status_code == 422
    assert "Une réponse est à revoir." in answer.content.decode()


# The mails


@pytest.mark.django_db
def test_the_code_to_sign_up_comes_in_french(browse):
    typed = {"email": "nouvelle@example.org", "password1": "une-phrase-assez-longue-9", "terms": "1"}
    browse().post("/accounts/signup/", typed, headers={"accept-language": "fr"})
    message = mail.outbox[0]
    assert message.subject == "Confirmez votre adresse e-mail"
    assert message.body.startswith("Bonjour,")
    assert not ENGLISH.search(message.body)


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_the_way_to_a_new_password_comes_in_french(browse, ana, email):
    browse().post("/accounts/password/reset/", {"email": email}, headers={"accept-language": "fr"})
    assert "Si ce n’était pas vous, ignorez ce message" in mail.outbox[0].body
    assert not ENGLISH.search(mail.outbox[0].body)


@pytest.mark.django_db
def test_account_pages_have_no_titles_like_this_in_english(browse):
    page = browse().get("/accounts/password/reset/").content.decode()
    assert "<h1>Choose a new password</h1>" in re.sub(r"<h1[^>]*>\s*(.*?)\s*</h1>", r"<h1>\1</h1>", page)


# Whose language


def test_the_member_decides_then_the_cookie_then_the_browser(browse, ana):
    browser = browse(ana)

    def language(accepted):
        return browser.get("/", headers={"accept-language": accepted}).headers["Content-Language"]

    assert [language("fr"), language("en")] == ["fr", "en"]
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert language("en") == "fr"
    ana.language = "en"
    ana.save(update_fields=["language"])
    assert language("fr") == "en"


@pytest.mark.django_db
def test_a_visitor_switches_and_the_choice_stays(browse):
    browser = browse()
    browser.post("/accounts/language/", {"language": "fr", "next": "/stakes/"})
    assert browser.get("/stakes/", headers={"accept-language": "en"}).headers["Content-Language"] == "fr"


# The API


@pytest.mark.django_db
def test_the_api_refuses_in_the_language_that_is_accepted(api):
    def refusal(language):
        body = api().get("/api/v1/experiences/?foo=1", HTTP_ACCEPT_LANGUAGE=language).json()
        return body["detail"], body["errors"][0]["message"]

    assert refusal("fr") == (
        "La requête n’est pas valable\xa0: voir «\xa0errors\xa0».",
        "Il n’y a pas de paramètre «\xa0foo\xa0» ici.",
    )
    assert refusal("en") == (
        "The request is not valid: see “errors”.",
        "There is no parameter “foo” here.",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/v1/experiences/zzzzzzzzzzzz/", "Il n’y a rien à cette adresse."),
        (
            "/api/v1/nowhere/",
            "Il n’y a rien à cette adresse. Toutes les adresses sont décrites ici : /api/v1/docs/",
        ),
    ],
)
def test_the_api_says_in_french_that_nothing_is_there(api, path, detail):
    answer = api().get(path, HTTP_ACCEPT_LANGUAGE="fr")
    assert (answer.status_code, answer.json()["detail"]) == (404, detail)
