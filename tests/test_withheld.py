"""An author who asked not to be named cannot be found from anything the site gives out."""

import re

import pytest
from django.core.management import call_command

from experiences.models import Experience, Source
from tests.conftest import make_person
from tests.factories import TOLD, make_draft, make_published_practice, make_report

NAME, MAIL, ORGANISATION, SECRET_LINK = (
    "Zephyrine",
    "zephyrine@example.org",
    "Quillfeather",
    "curators-only-link",
)
MARKERS = (NAME, "zephyrine", ORGANISATION)


@pytest.fixture
def secret(ana, carol, chris):
    """A withheld report of Zephyrine at Quillfeather, which a practice quotes and she tried."""
    author = make_person("zephyrine", organisation=ORGANISATION)
    report = make_draft(author, identity="withheld", organisation=ORGANISATION)
    report.submit(by=author)
    report.publish(by=carol)
    Source.objects.create(report=report, url=f"https://example.org/{SECRET_LINK}", visibility="curators")
    report.follow_up(by=author, verdict="worked", text="It still holds.")
    report.ask(by=ana, text="Who ran both?").answer(by=author, text="Two of us.")
    make_report(ana, carol, title="Asked about").ask(by=author, text="Did it last?")
    practice = make_published_practice(carol, chris, reports=[report])
    practice.try_out(by=author, verdict="worked", line="It helped us too.")
    return report, practice


def harvest(report, practice):
    """Yield every address that could say something of the report."""
    yield from [
        "/",
        "/experiences/",
        "/practices/",
        "/stakes/",
        "/stakes/moving-platform/",
        "/glossary/",
        "/sitemap.xml",
    ]
    yield from [
        "/feeds/experiences/",
        "/feeds/practices/",
        report.get_absolute_url(),
        practice.get_absolute_url(),
    ]
    yield from [f"/experiences/{report.public_id}.{form}" for form in ("md", "bib")]
    yield from [f"{practice.get_absolute_url()}v/1/", "/practices/desk/", "/practices/grading/"]
    yield from [f"{practice.get_absolute_url()}v/1.{form}" for form in ("md", "bib", "json")]
    yield from ["/practices/clusters/", f"{practice.get_absolute_url()}material/"]
    yield from [f"/experiences/?q={word}" for word in (NAME, ORGANISATION, "mailing")]
    api = "/api/v1/"
    yield from [f"{api}experiences/", f"{api}experiences/?facets=1", f"{api}experiences/{report.public_id}/"]
    yield from [f"{api}experiences/?q={word}" for word in (NAME, ORGANISATION)]
    yield from [
        f"{api}practices/",
        f"{api}practices/{practice.slug}/",
        f"{api}practices/{practice.slug}/trials/",
        f"{api}practices/{practice.slug}/grades/",
        f"{api}practices/{practice.slug}/material/",
    ]
    yield from [f"{api}experiences/{report.public_id}/follow-ups/"]
    asked = Experience.objects.get(title="Asked about")
    for one in (report, asked):
        yield from [f"{api}experiences/{one.public_id}/questions/", one.get_absolute_url()]


def said(response):
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers + "\n" + response.getvalue().decode()


def test_nothing_given_out_names_the_author_of_a_withheld_report(secret, ana, ben, browse):
    report, practice = secret
    for person in (None, ana, ben):
        client = browse(person)
        for address in harvest(report, practice):
            # The address repeats what was typed, also where it is said of where to go on.
            text = re.sub(rf"q(=|%3D)({NAME}|{ORGANISATION})", "", said(client.get(address)))
            text = re.sub(
                r'value="(Zephyrine|Quillfeather)"', "", text
            )  # the search box repeats what was typed
            text = re.sub(r"[“«\xa0 ]*(Zephyrine|Quillfeather)[\xa0 ]*[”»]", "", text)
            for marker in (*MARKERS, SECRET_LINK):
                assert marker not in text, f"{person} {address} says {marker}"


def test_searching_the_name_does_not_find_the_report(secret, browse):
    report, _practice = secret
    for word in (NAME, ORGANISATION, MAIL):
        answer = browse().get("/api/v1/experiences/", {"q": word})
        assert answer.json()["results"] == []
    assert (
        browse().get("/api/v1/experiences/", {"q": "mailing"}).json()["results"][0]["id"] == report.public_id
    )


def test_a_withheld_report_tells_its_month_only(secret, browse):
    report, _practice = secret
    told = browse().get(f"/api/v1/experiences/{report.public_id}/").json()
    assert told["author"] is None
    assert told["identity"] == "withheld"
    assert told["published_on"] == report.published_at.strftime("%Y-%m")
    day = report.published_at.strftime("%Y-%m-%d")
    later = report.published_at.strftime("%H:%M:%S")
    for address in (report.get_absolute_url(), f"/api/v1/experiences/{report.public_id}/"):
        assert later not in browse().get(address).content.decode()
    if not day.endswith("-01"):
        assert day not in browse().get(f"/api/v1/experiences/{report.public_id}/").content.decode().replace(
            f'"told_on":"{day}"', ""
        )


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_no_export_names_the_author(form, secret, tmp_path):
    target = tmp_path / f"out.{form}"
    call_command("export_experiences", format=form, output=str(target))
    text = target.read_text()
    assert TOLD["title"] in text
    for marker in (*MARKERS, SECRET_LINK):
        assert marker not in text


def test_the_author_and_curators_still_know_whose_it_is(secret, carol, browse):
    report, _practice = secret
    assert SECRET_LINK in browse(carol).get(report.get_absolute_url()).content.decode()
    assert browse(report.author).get("/experiences/mine/").status_code == 200
