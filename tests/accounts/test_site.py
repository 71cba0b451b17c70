"""A site of one's own: what staff say of it, on a page and at the command line, and where it is then said."""

import re
import struct
import zlib
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from accounts.models import Invitation, OutgoingMail, Site, SiteChange, User, current_site
from accounts.models.images import kind_and_size
from accounts.site.forms import SiteForm
from config.versioning import Conflict
from tests.conftest import hold_site, make_person
from tests.outbox import run_worker

pytestmark = pytest.mark.django_db
PAGE = "/site/"


def typed(**told):
    """Return what the form sends: as it is where nothing is stored, with what is `told`."""
    site = Site.objects.first() or Site()
    return {name: getattr(site, name) for name in Site.TOLD} | {"version": site.version} | told


def png(width=40, height=20):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _row in range(height)))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_of(answer):
    return answer.content.decode()


# --- The settings ----------------------------------------------------------------------------------


def test_a_moderator_names_the_site_and_every_page_has_the_name(browse, mona, ana):
    visitor = browse()
    assert "– Retex\n    </title>" in text_of(visitor.get("/"))
    assert browse(mona).post(PAGE, typed(name="Veille & co")).status_code == 302
    for client in (visitor, browse(), browse(ana)):
        page = text_of(client.get("/"))
        assert "– Veille &amp; co\n    </title>" in page
        assert "Veille &amp; co gathers field reports" in page
        assert "Retex" not in page


def test_pages_that_are_kept_are_made_anew_when_the_site_changes(browse, mona):
    visitor = browse()
    for path in ("/", "/experiences/", "/practices/", "/stakes/", "/glossary/trade/", "/about/"):
        first = visitor.get(path)
        known = {"If-None-Match": first["ETag"]}
        assert visitor.get(path, headers=known).status_code == 304, path
        site = Site.objects.defer("logo").first() or Site()
        site.change(by=mona, name=f"Named for {path}")
        again = visitor.get(path, headers=known)
        assert again.status_code == 200, path
        assert f"Named for {path}" in text_of(again)


def test_another_process_learns_of_a_change_with_what_a_page_asks_for_anyway(
    browse, mona, django_assert_max_num_queries
):
    browse().get("/experiences/"), browse().get("/practices/")  # The lists are read once.
    Site().change(by=mona, name="Veille")
    hold_site(Site())  # As a process that has not heard of it.
    with django_assert_max_num_queries(3):  # Two, and the site once.
        assert "Veille" in text_of(browse().get("/experiences/"))
    with django_assert_max_num_queries(2):
        browse().get("/practices/")


@pytest.mark.parametrize("path", ["/about/", "/terms/", "/terms/v/1/"])
def test_a_text_costs_a_visitor_two_queries(browse, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert browse().get(path).status_code == 200


def test_feeds_citations_mails_and_the_description_of_the_api_have_the_name(browse, api, mona, ana):
    Site().change(by=mona, name="Veille")
    assert "<title>Veille: field reports</title>" in text_of(browse().get("/feeds/experiences/"))
    assert "<title>Veille: best practices</title>" in text_of(browse().get("/feeds/practices/"))
    assert api().get("/api/v1/schema/").json()["info"]["title"] == "Veille API"
    browse(mona).post("/accounts/invitations/", {"addresses": "nora@example.net", "language": "en"})
    body = OutgoingMail.objects.get().body
    assert "Mona invites you to Veille." in body
    assert "Retex" not in body


def test_who_may_not_change_the_site_does_not(browse, ana, carol, mona):
    assert "/accounts/login/" in browse().get(PAGE)["Location"]
    for person in (ana, carol):
        assert browse(person).get(PAGE).status_code == 403
        assert browse(person).post(PAGE, typed(name="Mine")).status_code == 403
        with pytest.raises(PermissionDenied):
            Site().change(by=person, name="Mine")
    assert not Site.objects.exists()
    assert browse(mona).get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 41}, "name"),
        ({"contact": "nobody"}, "contact"),
        ({"languages": "de"}, "languages"),
        ({"default_language": ""}, "default_language"),
        ({"host": "h" * 401}, "host"),
    ],
)
def test_what_is_refused_stays_in_the_form_at_both_doors(browse, mona, told, column):
    answer = browse(mona).post(PAGE, typed(**told, publisher="Kept words"))
    assert answer.status_code == 422
    assert column in answer.context["form"].errors
    assert "Kept words" in text_of(answer)
    with pytest.raises((CommandError, ValidationError)):
        call_command("setup_site", no_input=True, **told)
    assert not Site.objects.exists()


def test_nobody_overwrites_what_they_have_not_read(browse, mona):
    read = typed()
    Site().change(by=mona, name="First")
    answer = browse(mona).post(PAGE, read | {"name": "Second"})
    assert answer.status_code == 422
    assert "changed meanwhile" in text_of(answer)
    assert Site.objects.get().name == "First"
    with pytest.raises(Conflict):
        Site().change(by=mona, name="Second")


def test_each_change_leaves_a_line(browse, mona):
    browse(mona).post(PAGE, typed(name="Veille", contact="bonjour@example.net"))
    browse(mona).post(PAGE, typed())  # Nothing differs.
    line = SiteChange.objects.get()
    assert (line.by, line.details) == (mona, {"columns": ["name", "contact"]})
    assert "Contact address" in text_of(browse(mona).get(PAGE))


def test_a_page_says_to_those_who_run_it_what_is_missing(browse, mona, ana):
    told = {"contact": "a@example.net", "publisher": "Us", "publisher_address": "Here", "host": "There"}
    for address in (PAGE, "/legal/"):
        page = text_of(browse(mona).get(address))
        assert "The site has still to say" in page
    assert "The site has still to say" not in text_of(browse(ana).get("/legal/"))
    assert "to be completed by whoever runs this site" in text_of(browse().get("/legal/"))
    Site().change(by=mona, **told)
    for client in (browse(mona), browse()):
        page = text_of(client.get("/legal/"))
        assert "The site has still to say" not in page
        assert "to be completed" not in page
        assert all(value in page for value in told.values())


def test_what_is_said_of_the_site_is_words_and_nothing_else(browse, mona):
    Site().change(by=mona, publisher="*Us* <script>alert(1)</script> [x](javascript:1)")
    page = text_of(browse().get("/legal/"))
    assert "<script>alert" not in page
    assert "*Us*" in page


# --- The logo --------------------------------------------------------------------------------------


def upload(content, name="logo.png"):
    return {"logo": SimpleUploadedFile(name, content, "image/png")}


def test_a_logo_is_shown_and_kept_for_ever_under_its_own_address(browse, mona):
    client = browse(mona)
    assert client.post(PAGE, typed() | upload(png())).status_code == 302
    site = Site.objects.get()
    assert f'src="{site.logo_url}" alt="" width="48" height="24"' in text_of(browse().get("/"))
    answer = browse().get(site.logo_url)
    assert (answer.content, answer["Content-Type"]) == (png(), "image/png")
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browse().get(site.logo_url.replace(site.logo_digest, "0" * 32)).status_code == 404

    assert client.post(PAGE, typed(no_logo="on")).status_code == 302
    assert browse().get(site.logo_url).status_code == 404
    assert "<img" not in text_of(browse().get("/"))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.4",
        png()[:-4],
        png(width=2001),
        png() + b"\0" * 200_000,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xd9",
        b"RIFF\x04\0\0\0WEBP",
    ],
)
def test_what_is_no_image_of_ours_is_refused(browse, mona, content):
    answer = browse(mona).post(PAGE, typed() | upload(content))
    assert answer.status_code == 422
    assert "logo" in answer.context["form"].errors
    assert not Site.objects.exists()


def test_images_are_known_by_their_bytes():
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 30, 70, 1) + b"\1\x11\0"
    assert kind_and_size(b"\xff\xd8\xff\xe0\0\x04ab" + frame + b"\xff\xd9") == ("jpg", (70, 30))
    lossless = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", 69 | 29 << 14)
    webp = b"RIFF" + struct.pack("<I", len(lossless) + 4) + b"WEBP" + lossless
    assert kind_and_size(webp) == ("webp", (70, 30))
    assert kind_and_size(png(70, 30)) == ("png", (70, 30))


# --- Languages -------------------------------------------------------------------------------------


def test_a_site_of_one_language_speaks_it_and_offers_no_other(browse, mona, ana):
    assert 'name="language" value="fr"' in text_of(browse().get("/about/"))
    Site().change(by=mona, languages="fr")
    assert Site.objects.get().default_language == "fr"
    ana.language = "en"
    ana.save()
    for client in (browse(), browse(ana)):
        answer = client.get("/about/", headers={"accept-language": "en"})
        assert answer["Content-Language"] == "fr"
        assert 'action="/accounts/language/"' not in text_of(answer)
    assert browse().post("/accounts/language/", {"language": "en"}).status_code == 400
    assert 'name="language" value="en"' in text_of(browse(ana).get("/experiences/new/"))  # A report may be.


def test_a_site_of_one_language_writes_and_lets_choose_no_other(browse, mona, ana, mails_as_in_production):
    Site().change(by=mona, languages="fr")
    for page in ("/accounts/me/", "/welcome/languages/", "/accounts/invitations/"):
        offered = re.findall(
            r'<(?:input|option|button)[^>]* value="(en|fr)"', text_of(browse(mona).get(page))
        )
        assert set(offered) == {"fr"}, page
    call_command("invite", "new@example.org", stdout=StringIO())
    (letter,) = [one for one in run_worker() if one.to == ["new@example.org"]]
    assert "Bonjour" in letter.body


def test_who_asks_for_no_language_gets_that_of_the_site(browse, mona):
    Site().change(by=mona, default_language="fr")
    for asked, given in (("", "fr"), ("de", "fr"), ("en", "en"), ("fr-CA", "fr"), ("de, en;q=0.5", "en")):
        assert browse().get("/about/", headers={"accept-language": asked})["Content-Language"] == given


def test_a_member_too_is_told_that_the_database_is_away(browse, ana, monkeypatch):
    member = browse(ana)
    member.raise_request_exception = False

    def away(*_):
        raise OperationalError

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", away)
    answer = member.get("/practices/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


@pytest.mark.parametrize("language", ["", "de", "en"])
def test_a_site_that_was_never_set_up_names_its_language_as_servers_want_it(browse, language):
    said = browse().get("/about/", headers={"accept-language": language})["Content-Language"]
    assert said == "en"
    assert type(said) is str  # wsgiref takes nothing else, not even an Enum that is one.


# --- The command -----------------------------------------------------------------------------------


def setup(**options):
    out, err = StringIO(), StringIO()
    call_command("setup_site", stdout=out, stderr=err, **{"no_input": True} | options)
    return out.getvalue()


def test_the_command_fills_the_same_and_says_what_is_missing(db, tmp_path, browse):
    path = tmp_path / "logo.png"
    path.write_bytes(png())
    said = setup(name="Veille", languages="fr", contact="bonjour@example.net", logo=str(path))
    assert "Veille is set up." in said
    assert "- Publisher" in said
    assert "- Contact address" not in said
    site = Site.objects.get()
    assert (site.name, site.offered_languages, site.logo_kind) == ("Veille", ["fr"], "png")
    assert SiteChange.objects.get().by is None
    setup(publisher="Us")  # What no option says stays.
    assert Site.objects.get().name == current_site().name == "Veille"


def test_the_command_makes_the_first_curators_and_is_safe_to_repeat(db):
    there = make_person("there")
    there.emailaddress_set.create(email=there.email, verified=True)
    operator = User.objects.create_superuser("operator@example.net", "a-long-enough-phrase")
    people = [there.email, operator.email, "nora@example.net"]
    said = setup(curator=people)
    assert "there@example.org has an account, and is a curator now." in said
    assert "nora@example.net is invited as a curator." in said
    again = setup(curator=people)
    assert "there@example.org is a curator already." in again
    assert "nora@example.net is invited already." in again
    for member in (there, operator):
        assert [group.name for group in member.groups.all()] == ["Curators"]
    assert Invitation.objects.get().group.name == "Curators"


def test_an_account_that_only_names_an_address_is_not_made_a_curator(db):
    squatter = make_person("squatter")
    squatter.emailaddress_set.create(email=squatter.email, verified=False)
    setup(curator=[squatter.email])
    assert not squatter.groups.exists()


def test_at_a_terminal_the_command_asks_and_an_empty_answer_changes_nothing(db, monkeypatch):
    answers = iter(["Veille", "nonsense", "both", "", "", "Us", "", "", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    setup(no_input=False)
    site = Site.objects.get()
    assert (site.name, site.languages, site.default_language, site.publisher) == (
        "Veille",
        "both",
        "en",
        "Us",
    )


def test_the_page_and_the_command_ask_for_the_same():
    form = SiteForm(site=Site())
    assert set(Site.TOLD) == set(form.fields) - {"logo", "version"}


def test_there_is_one_site(mona):
    Site().change(by=mona, name="Veille")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {Site._meta.db_table}")
        assert cursor.fetchone() == (1,)
