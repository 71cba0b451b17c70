"""The texts of the site and their versions, and the terms that members accept."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Site, SiteChange, SiteText, TermsAcceptance, User
from accounts.texts import FOLDER, shipped
from tests.conftest import TERMS, hold_site, make_person

pytestmark = pytest.mark.django_db
KINDS = SiteText.Kind.values
SIGNUP, ACCEPT = "/accounts/signup/", "/site/terms/accept/"
NEW = {"email": "nadia@example.net", "password1": "lune-verte-sept-ponts"}
BAR = "that you have not accepted yet"
CHANGED = {"changes_en": "Reports are read first.", "changes_fr": "Les récits sont lus d’abord."}


def text_of(answer):
    return answer.content.decode()


def publish(by, kind="terms", **words):
    told = {"body_en": "New terms.", "body_fr": "Nouvelles conditions."} | CHANGED | words
    return SiteText.objects.latest_of(kind).publish_next(by=by, **told)


@pytest.fixture
def newcomer(db):
    """A member who has accepted nothing, as all who joined before there were terms."""
    return make_person("newcomer", terms_accepted=0)


# --- Texts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_text_is_there_in_both_languages_and_in_the_footer(browse, kind, language):
    answer = browse().get(f"/{kind}/", headers={"accept-language": language})
    assert answer["Content-Language"] == language
    page = text_of(answer)
    first = shipped(kind, language).split("\n# ")[-1].splitlines()[0]
    assert f"<h2>{first}</h2>" in page
    assert f'href="/{kind}/"' in text_of(browse().get("/stakes/"))
    assert "{" not in page[page.index("<main") : page.index("</main>")]


def test_both_languages_of_a_shipped_text_say_as_much():
    for kind in KINDS:
        english, french = (shipped(kind, code) for code in ("en", "fr"))
        for sign in ("\n# ", "\n- ", "{contact}", "{host}", "](", "`"):
            assert english.count(sign) == french.count(sign), (kind, sign)
    assert len(list(FOLDER.glob("*.md"))) == 2 * len(KINDS)


def test_the_privacy_notice_names_every_cookie_and_the_days_things_are_kept(settings):
    from accounts import known_devices
    from accounts.models import Invitation, OutgoingMail, Receipt
    from experiences.views import lens
    from experiences.views.list_page import languages

    cookies = [
        *(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME),
        *(known_devices.COOKIE, lens.COOKIE, languages.COOKIE, "messages", "theme"),
    ]
    for code in ("en", "fr"):
        text = shipped("privacy", code)
        assert [name for name in cookies if f"`{name}`" not in text] == []
        assert text.count("60 ") == 2
    assert (OutgoingMail.KEPT.days, Invitation.KEPT.days, Receipt.KEPT.days) == (60, 60, 2)
    assert settings.SESSION_COOKIE_AGE == 30 * 24 * 60 * 60


def test_staff_write_a_text_and_its_former_versions_stay(browse, mona):
    client = browse(mona)
    sent = {"number": "1", "body_en": "# Us\n\n<b>We</b> are {name}.", "body_fr": ""}
    preview = client.post("/site/texts/about/", sent | {"do": "preview"})
    assert "&lt;b&gt;We&lt;/b&gt; are Retex." in text_of(preview)
    assert not SiteText.objects.exists()
    assert client.post("/site/texts/about/", sent)["Location"] == "/about/"
    page = text_of(browse().get("/about/"))
    assert "&lt;b&gt;We&lt;/b&gt; are Retex." in page
    assert "Version 2" in page
    assert "traced, word for word" in text_of(browse().get("/about/v/1/"))
    assert "no longer in force" in text_of(browse().get("/about/v/1/"))
    assert browse().get("/about/v/3/").status_code == 404
    assert "mot pour mot" in text_of(browse().get("/about/", headers={"accept-language": "fr"}))
    line = SiteChange.objects.get()
    assert (line.by, line.details) == (mona, {"text": "about", "number": 2})


def test_a_text_that_is_sent_as_it_is_makes_no_version(browse, mona):
    sent = {"number": "1", "body_en": shipped("about", "en"), "body_fr": shipped("about", "fr")}
    assert browse(mona).post("/site/texts/about/", sent).status_code == 302
    assert not SiteText.objects.exists()


def test_two_who_write_at_once_do_not_overwrite_each_other(browse, mona):
    publish(mona, "about")
    answer = browse(mona).post("/site/texts/about/", {"number": "1", "body_en": "Mine", "body_fr": "Le mien"})
    assert answer.status_code == 422
    assert "Mine" in text_of(answer)
    assert SiteText.objects.filter(kind="about").count() == 2


def test_only_those_who_run_the_site_write_its_texts(browse, ana, carol):
    assert "/accounts/login/" in browse().get("/site/texts/terms/")["Location"]
    for person in (ana, carol):
        assert browse(person).get("/site/texts/terms/").status_code == 403
        assert browse(person).post("/site/texts/terms/", {"number": "1"}).status_code == 403
        with pytest.raises(PermissionDenied):
            publish(person)


def test_new_terms_say_what_changed(browse, mona):
    sent = {"number": "1", "body_en": "New", "body_fr": "Nouveau"}
    answer = browse(mona).post("/site/texts/terms/", sent)
    assert answer.status_code == 422
    assert {"changes_en", "changes_fr"} <= answer.context["form"].errors.keys()
    assert browse(mona).post("/site/texts/terms/", sent | CHANGED).status_code == 302
    assert "Reports are read first." in text_of(browse().get("/terms/"))


# --- Accepting -------------------------------------------------------------------------------------


def test_nobody_signs_up_without_accepting_the_terms(browse):
    page = text_of(browse().get(SIGNUP))
    assert 'name="terms" value="1"' in page
    assert 'href="/terms/"' in page
    for sent in ({}, {"terms": ""}, {"terms": "on"}, {"terms": "2"}, {"terms": "0"}):
        answer = browse().post(SIGNUP, NEW | sent)
        assert "terms" in answer.context["form"].errors, sent
        assert NEW["email"] in text_of(answer)
    assert not User.objects.exists()

    assert browse().post(SIGNUP, NEW | TERMS).status_code == 302
    row = TermsAcceptance.objects.get()
    assert (row.member.email, row.text.number, row.text.body_en) == (NEW["email"], 1, shipped("terms", "en"))
    assert row.member.terms_accepted == 1


def test_terms_that_changed_while_one_signed_up_are_shown_again(browse, mona):
    publish(mona)
    answer = browse().post(SIGNUP, NEW | TERMS)
    assert "The terms changed meanwhile" in text_of(answer)
    assert not User.objects.filter(email=NEW["email"]).exists()
    assert browse().post(SIGNUP, NEW | {"terms": "2"}).status_code == 302
    assert TermsAcceptance.objects.get().text.number == 2


def test_a_process_that_has_not_heard_of_new_terms_does_not_take_the_old_ones(browse, mona):
    publish(mona)
    hold_site(Site())  # As of before.
    answer = browse().post(SIGNUP, NEW | TERMS)
    assert "The terms changed meanwhile" in text_of(answer)
    assert browse().post(SIGNUP, NEW | {"terms": "2"}).status_code == 302


def test_a_member_is_told_calmly_goes_on_and_accepts(browse, newcomer, ana, mona):
    client = browse(newcomer)
    assert BAR not in text_of(browse(ana).get("/"))
    assert BAR not in text_of(browse().get("/"))
    assert BAR in text_of(client.get("/stakes/"))
    assert client.get("/experiences/new/").status_code == 200
    assert client.post(ACCEPT, TERMS | {"next": "/stakes/"})["Location"] == "/stakes/"
    assert client.post(ACCEPT, TERMS).status_code == 302  # Twice is once.
    assert TermsAcceptance.objects.get().member == newcomer
    assert BAR not in text_of(client.get("/stakes/"))

    publish(mona)
    for member in (newcomer, ana):
        assert BAR in text_of(browse(member).get("/stakes/"))
    assert client.post(ACCEPT, TERMS)["Location"] == "/terms/"  # Those are no longer in force.
    assert "The terms changed meanwhile" in text_of(client.get("/terms/"))
    client.post(ACCEPT, {"terms": "2"})
    assert [row.text.number for row in TermsAcceptance.objects.order_by("pk")] == [1, 2]
    assert "in force" not in text_of(browse().get("/terms/"))
    assert "What you may expect of us" in text_of(browse().get("/terms/v/1/"))


def test_only_members_accept_and_only_by_a_form(browse, ana):
    assert "/accounts/login/" in browse().post(ACCEPT, TERMS)["Location"]
    assert browse(ana).get(ACCEPT).status_code == 405
    for sent in ({}, {"terms": "x"}, {"terms": "-1"}):
        assert browse(ana).post(ACCEPT, sent).status_code == 400
    assert not TermsAcceptance.objects.exists()


def test_a_program_reads_and_accepts(api, newcomer, mona):
    program = api(newcomer)
    told = program.get("/api/v1/me/").json()["terms"]
    assert (told["version"], told["accepted"], told["accepted_version"]) == (1, False, None)
    publish(mona)
    assert program.post("/api/v1/me/terms/", {"version": 1}).status_code == 400
    assert program.post("/api/v1/me/terms/", {}).status_code == 400
    told = program.post("/api/v1/me/terms/", {"version": 2}).json()["terms"]
    assert (told["accepted"], told["accepted_version"]) == (True, 2)
    assert told["html_url"].endswith("/terms/v/2/")
    assert api(newcomer, scope="read").post("/api/v1/me/terms/", {"version": 2}).status_code == 403


def test_my_data_tells_what_i_accepted_and_it_goes_with_me(browse, newcomer):
    browse(newcomer).post(ACCEPT, TERMS)
    data = json.loads(browse(newcomer).get("/accounts/data/file/").content)
    [row] = data["terms"]
    assert (row["version"], row["published_on"]) == (1, "2026-11-28")
    assert row["accepted_at"]
    newcomer.delete()
    assert not TermsAcceptance.objects.exists()
    assert SiteText.objects.get().number == 1


def test_the_site_knows_which_terms_are_in_force(mona):
    publish(mona)
    publish(mona, body_en="Newer terms.")
    site = Site.objects.get()
    assert site.terms_number == SiteText.objects.latest_of("terms").number == 3
