"""Sign-in by the organisation's account: the real code asks a real provider, over HTTP."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group

from accounts.models import Invitation, User
from config.openid_connect import Provider
from tests.accounts.conftest import confirm
from tests.accounts.provider import CLIENT, serve
from tests.conftest import PASSWORD, TERMS, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/organisation/login/"
SIGNUP = "/accounts/3rdparty/signup/"
CONNECTIONS = "/accounts/3rdparty/"


@pytest.fixture
def provider():
    yield from serve()


@pytest.fixture
def configured(settings, provider):
    """Return a function that tells the settings of the provider, for those of example.org if not said."""

    def tell(**rule):
        rule = {"domains": frozenset(["example.org"])} | rule
        settings.OPENID_CONNECT = Provider(issuer=provider.issuer, name="Example Org", **CLIENT, **rule)

    tell()
    return tell


def leave(browser, **sent):
    """Press the button; return where it leads, at the provider."""
    page = browser.post(LOGIN, sent)
    assert page.status_code == 200, page
    return html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())[1])


def come_back(browser, there):
    """Go there as a browser does, and come back."""
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    return browser.get(back.removeprefix("http://testserver"))


def sign_in(browser, **sent):
    return come_back(browser, leave(browser, **sent))


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def sign_up(browser, **told):
    assert sign_in(browser)["Location"] == SIGNUP
    return browser.post(SIGNUP, TERMS | {"display_name": "Dora"} | told)


# --- Coming in -----------------------------------------------------------------------------------


def test_somebody_new_signs_up_and_comes_back(browse, provider, configured):
    browser = browse()
    assert "Sign in with Example Org" in browser.get("/accounts/login/").content.decode()
    assert sign_up(browser)["Location"] == "/welcome/situation/"
    assert is_signed_in(browser)
    dora = User.objects.get()
    assert (dora.email, dora.display_name, dora.has_usable_password()) == ("dora@example.org", "Dora", False)
    assert EmailAddress.objects.filter(user=dora, verified=True).count() == 1

    again = browse()
    assert sign_in(again, next="/stakes/")["Location"] == "/stakes/"
    assert int(again.session["_auth_user_id"]) == dora.pk
    assert SocialAccount.objects.count() == 1


def test_what_is_asked_of_the_provider_is_of_this_sign_in_alone(browse, provider, configured):
    asked = [parse_qs(urlsplit(leave(browse())).query) for _each in range(2)]
    for query in asked:
        assert query["response_type"] == ["code"]
        assert query["code_challenge_method"] == ["S256"]
        assert query["redirect_uri"] == ["http://testserver/accounts/oidc/organisation/login/callback/"]
    for secret in ("state", "nonce", "code_challenge"):
        assert asked[0][secret] != asked[1][secret]


def test_the_name_that_the_provider_tells_is_proposed_and_no_more(browse, provider, configured):
    provider.person |= {"given_name": "Dorothea", "name": "Dorothea Doe"}
    browser = browse()
    sign_in(browser)
    assert 'value="Dorothea"' in browser.get(SIGNUP).content.decode()
    browser.post(SIGNUP, TERMS | {"display_name": ""})
    assert User.objects.get().display_name == ""


def test_a_new_member_cannot_give_another_address(browse, provider, configured):
    sign_up(browse(), email="ana@example.org")
    assert User.objects.get().email == "dora@example.org"


def test_opening_the_address_of_the_button_asks_first(browse, provider, configured):
    assert browse().get(LOGIN).status_code == 200
    assert provider.asked == []


def test_a_form_of_another_site_leads_nowhere(configured, provider):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(LOGIN).status_code == 403
    assert provider.asked == []


# --- Not coming in -------------------------------------------------------------------------------


def refused(answer, *words):
    """Hold that `answer` is a page that says `words`, what to do included, and that nobody came in."""
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 403, page
    assert [text for text in words if text not in page] == []
    assert not is_signed_in(answer.client)
    assert not SocialAccount.objects.exists()


LIES = {
    "a nonce of another sign-in": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-site"},
    "several audiences, none of them meant": {"aud": ["retex", "another-site"]},
    "meant for another": {"azp": "another-site"},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": 1},
    "without an end": {"exp": None},
    "without a person": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_is_not_of_this_sign_in_is_not_believed(browse, provider, configured, lie):
    confirm(make_person("dora"))
    provider.lies = LIES[lie]
    refused(sign_in(browse()), "could not be verified", "Begin again")
    provider.lies = {}
    browser = browse()
    sign_in(browser)
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"signed_by": "two"},
        {"header": {"kid": "two"}},
        {"algorithm": "HS256"},
        {"told": {"sub": "2"}},
        {"config": {"issuer": "https://evil.example"}},
    ],
    ids=str,
)
def test_what_the_provider_did_not_sign_is_not_believed(browse, provider, configured, spoiled):
    confirm(make_person("dora"))
    browser = browse()
    there = leave(browser)
    for name, value in spoiled.items():
        setattr(provider, name, value)
    refused(come_back(browser, there), "could not be verified")


def test_no_signature_at_all_is_not_believed(browse, provider, configured, monkeypatch):
    honest = provider.id_token
    monkeypatch.setattr(provider, "id_token", lambda grant: honest(grant).rpartition(".")[0] + ".")
    refused(sign_in(browse()), "could not be verified")


def test_several_audiences_are_fine_where_this_site_is_meant(browse, provider, configured):
    provider.lies = {"aud": ["retex", "another-site"], "azp": "retex"}
    assert sign_in(browse())["Location"] == SIGNUP


def test_an_answer_works_once_and_in_the_browser_that_asked(browse, provider, configured):
    mine, theirs = browse(), browse()
    there = leave(mine)
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    refused(theirs.get(back), "no longer under way", "Begin again")
    assert mine.get(back)["Location"] == SIGNUP
    refused(mine.get(back), "no longer under way")
    refused(browse().get(LOGIN + "callback/"), "no longer under way")


@pytest.mark.parametrize(
    ("rule", "person", "said"),
    [
        ({}, {"email": "dora@evil.example"}, "Only addresses of these domains may: example.org"),
        ({}, {"email": "dora@sub.example.org"}, "Only addresses of these domains"),
        ({}, {"email": "dora@notexample.org"}, "Only addresses of these domains"),
        ({}, {"email_verified": False}, "Example Org has not confirmed your e-mail address"),
        ({}, {"email_verified": None}, "Example Org has not confirmed your e-mail address"),
        ({}, {"email": None}, "Example Org has not confirmed your e-mail address"),
        ({}, {"email": ["dora@example.org"]}, "Example Org has not confirmed your e-mail address"),
        ({}, {"email": "İna@example.org"}, "Example Org has not confirmed your e-mail address"),
        ({"trusts_emails": True}, {"email_verified": False}, "has not confirmed your e-mail address"),
        ({"entry": frozenset(["retex"])}, {"groups": ["other"]}, "does not say that you may enter here"),
        ({"entry": frozenset(["retex"])}, {}, "does not say that you may enter here"),
    ],
)
def test_who_may_not_enter_is_told_what_to_do(browse, provider, configured, rule, person, said):
    configured(**rule)
    confirm(make_person("dora"))
    provider.person |= person
    provider.lies, provider.told = dict.fromkeys(person), {}
    provider.lies |= person
    refused(sign_in(browse()), said)


@pytest.mark.parametrize(
    ("rule", "person"),
    [
        ({"domains": frozenset()}, {"email": "dora@anywhere.example"}),
        ({}, {"email": "Dora@EXAMPLE.org"}),
        ({}, {"email_verified": "true"}),
        ({"trusts_emails": True}, {"email_verified": None}),
        ({"entry": frozenset(["retex"])}, {"groups": ["other", "retex"]}),
        ({"entry": frozenset(["retex"])}, {"groups": "retex"}),
        (
            {"entry": frozenset(["retex"]), "claim": "realm_access.roles"},
            {"realm_access": {"roles": ["retex"]}},
        ),
        ({"entry": frozenset(["a"]), "claim": "https://x.example/r"}, {"https://x.example/r": ["a"]}),
    ],
)
def test_who_may_enter_does(browse, provider, configured, rule, person):
    configured(**rule)
    provider.person = {name: value for name, value in (provider.person | person).items() if value is not None}
    assert sign_in(browse())["Location"] == SIGNUP


def test_who_may_enter_no_more_does_not_though_they_did(browse, provider, configured):
    sign_up(browse())
    configured(domains=frozenset(["example.net"]))
    answer = sign_in(browse())
    assert answer.status_code == 403
    assert not is_signed_in(answer.client)


def test_a_member_shut_out_here_stays_out(browse, provider, configured):
    sign_up(browse())
    User.objects.update(is_active=False)
    answer = sign_in(browse())
    assert answer["Location"] == "/accounts/inactive/"
    assert not is_signed_in(answer.client)


# --- A provider in trouble -----------------------------------------------------------------------


def test_who_declines_there_is_told_that_nothing_happened(browse, provider, configured):
    provider.declines = True
    refused(sign_in(browse()), "You did not come back with your account")


@pytest.mark.parametrize("path", ["/token", "/keys", "/userinfo"])
def test_a_provider_that_fails_midway_is_told_of(browse, provider, configured, path, caplog):
    provider.answers[path] = 500
    answer = sign_in(browse())
    assert answer.status_code in (403, 503)
    assert "Begin again" in answer.content.decode() or "does not answer" in answer.content.decode()
    assert "dora" not in caplog.text


@pytest.mark.parametrize("status", [500, 404, 200])
def test_a_provider_that_tells_nothing_of_itself_is_told_of(browse, provider, configured, status):
    provider.answers["/realm/.well-known/openid-configuration"] = status
    answer = browse().post(LOGIN)
    assert answer.status_code == (403 if status == 200 else 503)


def test_a_provider_that_is_down_is_told_of(browse, provider, configured):
    browser = browse()
    there = leave(browser)
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    provider.server_close()
    for answer in (browse().post(LOGIN), browser.get(back)):
        assert answer.status_code == 503
        assert "Example Org does not answer" in answer.content.decode()
        assert "Try again in a few minutes" in answer.content.decode()


# --- An account that is there already ------------------------------------------------------------


def test_an_account_whose_owner_confirmed_the_address_is_joined_and_its_owner_told(
    browse, provider, configured, mailoutbox
):
    dora = confirm(make_person("dora"))
    browser = browse()
    assert sign_in(browser)["Location"] == "/"
    assert int(browser.session["_auth_user_id"]) == dora.pk
    dora.refresh_from_db()
    assert dora.check_password(PASSWORD)
    [mail] = mailoutbox
    assert mail.to == ["dora@example.org"]
    assert "http://testserver/accounts/3rdparty/" in mail.body


def test_nobody_takes_over_by_signing_up_first_with_another_s_address(browse, provider, configured):
    """An attacker signs up with dora's address, knows the password, and waits for her to come."""
    squatter = browse()
    squatter.post(
        "/accounts/signup/", {"email": "dora@example.org", "password1": "lune-verte-sept-ponts"} | TERMS
    )
    refused(sign_in(browse()), "nobody has confirmed that it is theirs", "Ask for a new password")
    assert not User.objects.get().emailaddress_set.filter(verified=True).exists()


def test_nobody_takes_over_by_adding_another_s_address_to_their_account(browse, provider, configured, ana):
    """An attacker's account names dora's address, unconfirmed, beside their own."""
    confirm(ana)
    ana.emailaddress_set.create(email="dora@example.org", verified=False)
    browser = browse()
    assert sign_in(browser)["Location"] == SIGNUP
    browser.post(SIGNUP, TERMS | {"display_name": "Dora"})
    assert not SocialAccount.objects.filter(user=ana).exists()
    assert User.objects.filter(email="dora@example.org").exclude(pk=ana.pk).exists()


def test_nobody_gets_the_account_of_who_had_their_address_before(browse, provider, configured):
    sign_up(browse())
    provider.person |= {"sub": "2"}
    answer = sign_in(browse())
    assert answer.status_code == 403
    assert "someone else’s Example Org account" in html.unescape(answer.content.decode())
    assert not is_signed_in(answer.client)


def test_another_provider_in_its_place_opens_no_account_by_a_number_alone(
    browse, provider, configured, settings
):
    sign_up(browse())
    other = next(another := serve())
    other.person |= {"email": "eve@example.org"}
    settings.OPENID_CONNECT = Provider(
        issuer=other.issuer, name="Other", domains=frozenset(["example.org"]), **CLIENT
    )
    assert sign_in(browse())["Location"] == SIGNUP
    next(another, None)


def test_the_second_step_is_asked_after_the_provider_as_after_a_password(browse, provider, configured):
    dora = confirm(make_person("dora"))
    dora.authenticator_set.create(type="totp", data={"secret": "x"})
    browser = browse()
    assert sign_in(browser)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(browser)


def test_wrong_passwords_of_strangers_keep_nobody_out_who_comes_by_the_provider(
    browse, provider, configured, settings
):
    from config import settings as as_configured

    settings.CACHES = as_configured.CACHES
    confirm(make_person("dora"))
    for number in range(12):
        browse().post("/accounts/login/", {"login": "dora@example.org", "password": f"wrong {number}"})
    browser = browse()
    sign_in(browser)
    assert is_signed_in(browser)


# --- Groups --------------------------------------------------------------------------------------

ROLES = {"groups": {"cur": "Curators", "mod": "Moderators", "gone": "No such group"}}


def roles(member):
    return sorted(member.groups.values_list("name", flat=True))


def test_the_provider_decides_at_each_sign_in_on_the_groups_it_gives(browse, provider, configured):
    configured(**ROLES)
    provider.person |= {"groups": ["cur", "gone", "else"]}
    sign_up(browse())
    dora = User.objects.get()
    assert roles(dora) == ["Curators"]
    for given, then in (["mod"], ["Moderators"]), (["mod", "cur"], ["Curators", "Moderators"]), ([], []):
        provider.person |= {"groups": given}
        sign_in(browse())
        assert roles(dora) == then


def test_groups_that_the_provider_does_not_give_are_left_alone(browse, provider, configured, mona):
    configured(groups={"cur": "Curators"})
    confirm(mona)
    provider.person |= {"email": mona.email, "groups": ["cur"]}
    sign_in(browse())
    assert roles(mona) == ["Curators", "Moderators"]


# --- Of a member ---------------------------------------------------------------------------------


def reauthenticate(browser):
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_a_member_connects_and_disconnects(browse, provider, configured, ana):
    confirm(ana)
    browser = browse(ana)
    assert "Connect my Example Org account" in browser.get(CONNECTIONS).content.decode()
    there = html.unescape(
        re.search(r"0;url=([^\"]+)", browser.post(f"{LOGIN}?process=connect").content.decode())[1]
    )
    # Whoever finds the browser open connects nothing of theirs: the password is asked first.
    answer = come_back(browser, there)
    assert "/accounts/reauthenticate/" in answer["Location"]
    assert not SocialAccount.objects.exists()
    browser.post(answer["Location"], {"password": PASSWORD})
    assert SocialAccount.objects.get().user == ana

    other = browse()
    sign_in(other)
    assert int(other.session["_auth_user_id"]) == ana.pk
    browser.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_nobody_disconnects_the_account_of_another(browse, provider, configured, ana):
    sign_up(browse())
    browser = browse(confirm(ana))
    reauthenticate(browser)
    browser.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.count() == 1


def test_who_has_no_password_cannot_lock_themselves_out(browse, provider, configured):
    browser = browse()
    sign_up(browser)
    answer = browser.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk})
    assert "Choose a password first" in answer.content.decode()
    assert SocialAccount.objects.count() == 1


def test_my_data_tells_of_the_connection_and_closing_forgets_it(browse, provider, configured):
    browser = browse()
    sign_up(browser)
    data = browser.get("/accounts/data/file/").json()
    [connection] = data["connections"]
    assert connection["extra_data"] == {"email": "dora@example.org", "groups": []}
    assert "Accounts elsewhere that open mine" in browser.get("/accounts/data/").content.decode()
    User.objects.get().delete()
    assert not SocialAccount.objects.exists()


def test_who_has_no_password_shows_who_they_are_by_a_code_and_closes_their_account(
    browse, provider, configured, mailoutbox
):
    browser = browse()
    sign_up(browser)
    there = browser.get("/accounts/close/")["Location"]
    assert "Address that the code goes to" in browser.get(there).content.decode()
    confirming = browser.post(there, {"recipient": "dora@example.org"})["Location"]
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", mailoutbox[-1].body, re.M)[0]
    assert browser.post(confirming, {"code": "wrong"}).status_code == 200
    assert browser.post(confirming, {"code": code})["Location"] == "/accounts/close/"
    assert browser.post("/accounts/close/", {"confirmed": "yes"})["Location"] == "/"
    assert not SocialAccount.objects.exists()
    assert not User.objects.exists()


# --- Without a provider --------------------------------------------------------------------------


def test_nothing_of_it_is_there_where_nothing_is_configured(browse, ana, django_assert_num_queries):
    for address in (LOGIN, f"{LOGIN}callback/", SIGNUP):
        for browser in (browse(), browse(ana)):
            assert browser.get(address).status_code == 404
    assert browse(ana).get(CONNECTIONS).status_code == 404
    assert "Sign in with" not in browse().get("/accounts/login/").content.decode()
    assert "3rdparty" not in browse(ana).get("/accounts/me/").content.decode()
    with django_assert_num_queries(0):
        browse().get("/accounts/login/")


# --- Where all come by the provider --------------------------------------------------------------


def test_who_comes_by_the_provider_alone_gets_no_password_where_all_are_to(
    browse, provider, configured, settings, mailoutbox, ana
):
    confirm(ana)
    browser = browse()
    sign_up(browser)
    for mode, status in (("open", 200), ("sso", 404)):
        settings.SIGNUP = mode
        assert browser.get("/accounts/password/set/").status_code == status
        security = browser.get("/accounts/2fa/").content.decode()
        assert ('href="/accounts/password/change/"' in security) == (mode == "open")
        for email in ("dora@example.org", ana.email, "nobody@example.org"):
            answer = browse().post("/accounts/password/reset/", {"email": email})
            assert answer["Location"] == "/accounts/password/reset/done/"
    with_link = ["/password/reset/key/" in mail.body for mail in mailoutbox]
    assert with_link == [True, True, False, False, True, False]
    assert "http://testserver/accounts/login/" in mailoutbox[3].body
    assert browse(ana).get("/accounts/password/change/").status_code == 200


def test_somebody_invited_comes_by_the_provider(browse, provider, configured, settings, mona):
    settings.SIGNUP = "invited"
    refused(sign_in(browse()), "open to those who are invited", "Ask whoever runs this site")
    curators = Group.objects.get(name="Curators")
    Invitation.issue("dora@example.org", by=mona, language="en", group=curators)
    sign_up(browse())
    dora = User.objects.get(email="dora@example.org")
    assert roles(dora) == ["Curators"]
    assert Invitation.objects.get().accepted_by == dora


def test_a_sign_up_that_is_left_open_ends(browse, provider, configured):
    browser = browse()
    sign_in(browser)
    session = browser.session
    session["socialaccount_sociallogin"]["state"]["came_back_at"] -= 3600
    session.save()
    for answer in (browser.get(SIGNUP), browser.post(SIGNUP, {"display_name": "Dora"})):
        refused(answer, "no longer under way")
    assert not User.objects.exists()


def test_the_administration_has_no_form_for_it(browse, django_user_model):
    root = django_user_model.objects.create_superuser("root@example.org", PASSWORD)
    assert browse(root).get("/admin/socialaccount/").status_code == 404


def test_pages_of_it_speak_french(browse, provider, configured):
    french = {"headers": {"accept-language": "fr"}}
    browser = browse()
    assert "Se connecter avec Example Org" in browser.get("/accounts/login/", **french).content.decode()
    provider.person |= {"email": "dora@evil.example"}
    there = leave(browser)
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    answer = browser.get(back, **french)
    assert "n’est pas de celles qui peuvent entrer ici" in html.unescape(answer.content.decode())
