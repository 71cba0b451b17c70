"""A new password: what ends with the old one."""

import re

import pytest

from accounts.models import Token
from tests.accounts.conftest import NEW_PASSWORD, TWICE, reset_form
from tests.conftest import PASSWORD, TERMS

pytestmark = pytest.mark.django_db
CHANGED = TWICE | {"oldpassword": PASSWORD}
CHANGE = "/accounts/password/change/"


def is_answered(program):
    return program.get("/api/v1/me/").status_code == 200


def test_tokens_end_with_a_changed_password_unless_it_is_asked_otherwise(browse, api, ana, ben):
    mine, others = [api(ana), api(ana)], api(ben)
    browser = browse(ana)
    page = browser.get(CHANGE).content.decode()
    assert "Also revoke my 2 tokens" in page
    assert "checked" in re.search(r'<input[^>]*name="end_tokens"[^>]*>', page)[0]

    assert browser.post(CHANGE, CHANGED | {"oldpassword": "wrong", "end_tokens": "on"}).status_code == 200
    assert [is_answered(program) for program in mine] == [True, True]

    assert browser.post(CHANGE, CHANGED | {"end_tokens": "on"}).status_code == 302
    assert [is_answered(program) for program in mine] == [False, False]
    assert is_answered(others)


def test_tokens_stay_when_the_box_is_not_ticked(browse, api, ana):
    program = api(ana)
    assert browse(ana).post(CHANGE, CHANGED).status_code == 302
    ana.refresh_from_db()
    assert ana.check_password(NEW_PASSWORD)
    assert is_answered(program)


def test_who_has_no_token_is_not_asked(browse, ana):
    assert "end_tokens" not in browse(ana).get(CHANGE).content.decode()
    assert browse(ana).post(CHANGE, CHANGED | {"end_tokens": "on"}).status_code == 302


def test_sessions_elsewhere_end_with_a_changed_password(browse, ana, ben):
    here, elsewhere, others = browse(ana), browse(ana), browse(ben)
    assert here.post(CHANGE, CHANGED).status_code == 302
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert elsewhere.get("/api/v1/me/").status_code == 401
    assert others.get("/accounts/me/").status_code == 200


def test_a_reset_ends_tokens_and_sessions_and_says_so(browse, api, confirmed, mailoutbox):
    program, elsewhere, visitor = api(confirmed), browse(confirmed), browse()
    form = reset_form(visitor, confirmed, mailoutbox)
    said = " ".join(mailoutbox[-1].body.split())
    assert "signs you out everywhere and revokes the tokens of your programs" in said
    assert visitor.post(form, TWICE | {"password2": "not the same"}).status_code == 200
    assert is_answered(program)

    done = visitor.post(form, TWICE, follow=True)
    assert "You are signed out everywhere else" in done.content.decode()
    assert not is_answered(program)
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert not Token.objects.exists()


def test_a_password_that_the_administration_gives_ends_tokens_too(browse, api, ana, django_user_model):
    root = django_user_model.objects.create_superuser("root@example.org", PASSWORD)
    program, sent = api(ana), TWICE | {"usable_password": "true"}
    assert browse(root).post(f"/admin/accounts/user/{ana.pk}/password/", sent).status_code == 302
    ana.refresh_from_db()
    assert ana.check_password(NEW_PASSWORD)
    assert not is_answered(program)


# --- Common ones -----------------------------------------------------------------------------------


def refusals(browse, password):
    """Return the codes by which a sign-up with `password` is refused."""
    answer = browse().post("/accounts/signup/", TERMS | {"email": "nadia@example.net", "password1": password})
    if answer.status_code == 302:
        return []
    return [error.code for error in answer.context["form"].errors.as_data()["password1"]]


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse123",
        "MotDePasse2026!",
        "azertyuiop123",
        "Azertyuiop123!",
        "jetaimemonamour",
        "je t’aime mon amour",
        "bonjourtoutlemonde",
        "Bonjour tout le monde !",
        "liberté-égalité-fraternité",
        "correcthorsebatterystaple",
        "passwordpassword",
        "qwertyuiopasdfgh",
        "chocolatchocolat",
        "chocolat-chocolat-2026",
        "welcome2026!",
        "Marseille13013",
        "olympiquedemarseille",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
    ],
)
def test_what_many_people_use_is_refused_however_long(browse, password):
    assert "password_too_common" in refusals(browse, password)


@pytest.mark.parametrize(
    "password",
    [
        NEW_PASSWORD,
        "a-long-enough-phrase",
        "tasse vélo orage citron",
        "cheval correct pile agrafe",
        "paris-8273645521",
        "日本語のとても長い合言葉です",
        "kV8#qTz!4mWp",
        "!?!?§§&&%%$$##",
    ],
)
def test_what_nobody_else_uses_is_a_password(browse, password):
    assert refusals(browse, password) == []


def test_a_password_may_be_as_long_as_one_likes(browse):
    assert refusals(browse, "a" * 200_000 + "b") == []


def test_the_shortest_password_has_twelve_letters(browse):
    assert refusals(browse, "kV8#qTz!4mW") == ["password_too_short"]


def test_a_common_password_is_refused_with_what_to_do_instead(browse, ana):
    answer = browse(ana).post(CHANGE, CHANGED | {"password1": "motdepasse123", "password2": "motdepasse123"})
    assert "Choose four words or more that do not belong together" in answer.content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)
