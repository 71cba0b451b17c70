import pytest
from allauth.core.internal.ratelimit import handler429

from accounts.models import Token
from tests.conftest import PASSWORD, TERMS


def test_a_member_changes_name_and_language(browse, ana):
    answer = browse(ana).post(
        "/accounts/me/", {"display_name": "Ana B.", "language": "fr", "organisation": "Acme"}, follow=True
    )
    ana.refresh_from_db()
    assert (ana.display_name, ana.language, ana.organisation) == ("Ana B.", "fr", "Acme")
    assert answer.headers["Content-Language"] == "fr"


def test_a_refused_profile_keeps_what_was_typed(browse, ana):
    answer = browse(ana).post("/accounts/me/", {"display_name": "A" * 81, "language": "fr"})
    assert answer.status_code == 422
    assert "A" * 81 in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["jane.doe@agency.example", "Ana +33 6 12 34 56 78", "Ana, linkedin.com/in/ana-b"]
)
def test_a_name_that_tells_more_than_a_name_is_pointed_out_once(browse, ana, name):
    browser, sent = browse(ana), {"display_name": name, "language": "fr"}
    answer = browser.post("/accounts/me/", sent)
    assert answer.status_code == 422
    assert 'name="anyway"' in answer.content.decode()
    assert list(answer.context["form"].errors) == ["display_name"]
    assert answer.context["user"].display_name == "Ana"  # The head of the page shows no refused name.
    ana.refresh_from_db()
    assert (ana.display_name, ana.language) == ("Ana", "")
    assert browser.post("/accounts/me/", sent | {"anyway": "on"}).status_code == 302
    ana.refresh_from_db()
    assert ana.display_name == name
    assert browser.post("/accounts/me/", sent | {"language": "en"}).status_code == 302


@pytest.mark.parametrize("name", ["Jane Doe", "Mme Anne Dupont", "@jane", "Jane, 42 ans", ""])
def test_a_name_is_no_reason_to_ask(browse, ana, name):
    assert browse(ana).post("/accounts/me/", {"display_name": name, "language": "fr"}).status_code == 302


def test_a_new_member_is_asked_once_about_the_name_too(db, browse, django_user_model):
    sent = {"email": "nadia@example.net", "password1": "lune-verte-sept-ponts", **TERMS}
    named = sent | {"display_name": "nadia@agency.example"}
    page = browse().post("/accounts/signup/", named).content.decode()
    assert "“nadia@agency.example” is an e-mail address." in page
    assert 'name="anyway"' in page
    assert not django_user_model.objects.filter(email="nadia@example.net").exists()
    assert browse().post("/accounts/signup/", named | {"anyway": "on"}).status_code == 302
    assert django_user_model.objects.get(email="nadia@example.net").display_name == "nadia@agency.example"


def test_pages_about_oneself_ask_to_sign_in(browse):
    for path in ("/accounts/me/", "/accounts/tokens/"):
        assert browse().get(path).status_code == 302


def test_a_token_is_shown_once_works_and_can_be_revoked(browse, api, ana):
    browser = browse(ana)
    answer = browser.post("/accounts/tokens/", {"name": "Script", "scope": "read", "days": "30"})
    key = answer.context["key"]
    assert key in answer.content.decode()
    assert key not in browser.get("/accounts/tokens/").content.decode()

    program = api()
    program.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    assert program.get("/api/v1/me/").json()["name"] == "Ana"
    handle = Token.objects.of(ana).get().handle
    browser.post(f"/accounts/tokens/{handle}/revoke/")
    assert program.get("/api/v1/me/").status_code == 401


def test_nobody_revokes_the_token_of_another(browse, ana, ben):
    token, _key = Token.issue(by=ana, name="Script", scope="read")
    assert browse(ben).post(f"/accounts/tokens/{token.handle}/revoke/").status_code == 404
    assert browse(ana).post(f"/accounts/tokens/{token.handle}/revoke/").status_code == 302


def test_a_token_for_too_long_or_without_a_name_is_refused(browse, ana):
    answer = browse(ana).post("/accounts/tokens/", {"name": "", "scope": "read", "days": "9999"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "days"}


def test_a_visitor_chooses_colours_and_forgets_them(browse):
    browser = browse()
    answer = browser.post("/accounts/theme/", {"theme": "dark", "next": "/stakes/?q=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/stakes/?q=1")
    assert browser.cookies["theme"].value == "dark"
    browser.post("/accounts/theme/", {"theme": "system"})
    assert browser.cookies["theme"].value == ""


def test_choosing_colours_leads_nowhere_else(browse):
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\x00"):
        answer = browse().post("/accounts/theme/", {"theme": "dark", "next": elsewhere})
        assert answer["Location"] == "/"
    assert browse().post("/accounts/theme/", {"theme": "pink"}).status_code == 400
    assert browse().get("/accounts/theme/").status_code == 405


def test_the_language_chosen_stays_with_the_member(browse, ana):
    browse(ana).post("/accounts/language/", {"language": "fr", "next": "/accounts/me/"})
    ana.refresh_from_db()
    assert ana.language == "fr"
    assert browse(ana).get("/accounts/me/").headers["Content-Language"] == "fr"


def test_the_language_chosen_by_a_visitor_is_kept_in_a_cookie(browse):
    browser = browse()
    browser.post("/accounts/language/", {"language": "fr"})
    assert browser.cookies["django_language"].value == "fr"
    assert browse().post("/accounts/language/", {"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    ("cookie", "before", "after"),
    [("fr", "en", "fr"), ("", "en", "en"), ("fr", "", ""), ("xx", "en", "en")],
)
def test_the_language_chosen_before_signing_in_stays_and_the_greeting_speaks_it(
    browse, confirmed, cookie, before, after
):
    confirmed.language = before
    confirmed.save()
    browser = browse()
    if cookie:
        browser.cookies["django_language"] = cookie
    answer = browser.post(
        "/accounts/login/",
        {"login": confirmed.email, "password": PASSWORD, "next": "/accounts/me/"},
        headers={"Accept-Language": "fr"},
        follow=True,
    )
    confirmed.refresh_from_db()
    assert confirmed.language == after
    spoken = answer.headers["Content-Language"]
    assert spoken == (after or "fr")
    greeting = {"fr": "Bienvenue, Ana", "en": "Welcome, Ana"}[spoken]
    assert greeting in answer.content.decode()


def test_a_language_chosen_in_the_profile_is_newer_than_that_of_the_browser(browse, ana):
    browser = browse(ana)
    browser.post("/accounts/language/", {"language": "en"})
    browser.post("/accounts/me/", {"display_name": "Ana", "language": "fr"})
    assert browser.cookies["django_language"].value == ""


def test_the_administration_is_entered_through_the_accounts_page(browse, carol, django_user_model):
    assert browse().get("/admin/login/").status_code == 302
    assert browse(carol).get("/admin/login/").status_code == 403
    root = django_user_model.objects.create_superuser("root@example.org", "a-long-enough-phrase")
    assert browse(root).get("/admin/accounts/user/").status_code == 200
    assert browse(root).get(f"/admin/accounts/user/{carol.pk}/change/").status_code == 200
    assert browse(root).get("/admin/accounts/user/add/").status_code == 200


def test_a_new_member_may_ask_for_another_code(db, browse, mailoutbox):
    browser = browse()
    browser.post(
        "/accounts/signup/", TERMS | {"email": "nadia@example.net", "password1": "lune-verte-sept-ponts"}
    )
    page = browser.get("/accounts/confirm-email/").content.decode()
    assert 'form="resend"' in page
    browser.post("/accounts/confirm-email/", {"action": "resend"})
    assert len(mailoutbox) == 2


def test_a_refused_sign_in_leads_to_what_went_wrong(browse, ana):
    answer = browse().post("/accounts/login/", {"login": ana.email, "password": "not-hers"})
    assert "<error-summary" in answer.content.decode()


def test_whoever_opens_the_address_of_a_form_reads_what_it_is(browse):
    answer = browse().get("/accounts/theme/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "then"),
    [("http://testserver/practices/open-the-door/", "http%3A//testserver/practices/open-the-door/"),
     ("https://evil.example/", "/practices/open-the-door/try/"), ("", "/practices/open-the-door/try/")],
)  # fmt: skip
def test_a_visitor_signs_in_and_goes_on_where_the_form_was(browse, page, then):
    answer = browse().post("/practices/open-the-door/try/", {"line": "We tried."}, headers={"referer": page})
    assert answer.status_code == 403
    assert f'/accounts/login/?next={then}"' in answer.content.decode()


def test_who_tries_too_often_is_told_in_words(browse, rf):
    answer = handler429(rf.get("/accounts/confirm-email/"))
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


def test_a_new_password_leads_on_to_signing_in(browse):
    answer = browse().get("/accounts/password/reset/key/done/")
    assert 'class="btn primary" href="/accounts/login/"' in answer.content.decode()


@pytest.mark.parametrize("email", ["İna@example.net", "ına@example.net", "ina@example\u017f.net"])
def test_an_address_that_no_mail_reaches_is_refused_in_words(db, browse, django_user_model, email):
    sent = {"email": email, "password1": "lune-verte-sept-ponts", **TERMS}
    page = browse().post("/accounts/signup/", sent).content.decode()
    assert "No e-mail reaches this address" in page or "Enter a valid email address" in page
    assert not django_user_model.objects.exists()


def test_a_domain_of_any_script_is_an_address(db, browse, django_user_model):
    sent = {"email": "ina@médiathèque.fr", "password1": "lune-verte-sept-ponts", **TERMS}
    assert browse().post("/accounts/signup/", sent).status_code == 302
    assert django_user_model.objects.get().email == "ina@médiathèque.fr"
