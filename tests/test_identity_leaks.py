"""Every address the site has, asked by every kind of person, tells nobody who withheld their name.

A member plants a word of its own in each thing that is private to them; then all that the site gives
out is gathered and searched: pages, API answers, feeds, files, headers, mails to others, and logs.
"""

import logging
import re
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import OutgoingMail
from experiences.models import Experience, Situation, Source
from experiences.models.report.parts import Parts
from practices.management.commands.routes import routes
from tests.conftest import make_person
from tests.factories import contexts, make_draft, make_known, make_published_practice, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# What is told to nobody but the member.
PRIVATE = {
    "name": "Zephyrine",
    "mailbox": "hidden-mailbox",
    "organisation": "Quillfeather",
    "key of the form": "keyofherform",
    "open page": "pageofherform",
    "words not published": "unpublishedwords",
    "draft": "draftonly",
    "identifier elsewhere": "identifierelsewhere",
}
FOR_CURATORS = {"link for curators": "curators-only-link", "report to review": "waitingforreview"}
# The moment of all that the member did; others may know the month. Its hour is far from the one at which
# this runs, which pages and headers may well show.
MOMENT = datetime(2026, 3, 17, (datetime.now(UTC).hour + 6) % 24, 37, 42, tzinfo=UTC)
MOMENTS = re.compile(rf"2026-03-17|17 March|17 mars|March 17|(?<![\d:]){MOMENT:%H:%M}")
# A search repeats the words that were asked for.
ASKED = "/experiences/?q={0} /practices/?q={0} /api/v1/experiences/?q={0} /feeds/experiences/?q={0}"


@pytest.fixture
def told(carol, chris, mona):
    """A withheld report with all that hangs under it, and what waits, of a member full of words to find."""
    author = make_person("zephyrine", display_name="Zephyrine", organisation="Quillfeather")
    author.email = "zephyrine@hidden-mailbox.example"
    author.notices = "all"
    author.save()
    Situation.state(contexts(audience=["internal"], region=["oceania"]), by=author)
    report = make_draft(
        author, identity="withheld", organisation="Quillfeather", submission_key="keyofherform"
    )
    report.parts = Parts(
        sources=[Source(url="https://example.org/curators-only-link", visibility="curators")]
    )
    report.write(by=author).submit(by=author).publish(by=carol)
    report.follow_up(by=author, verdict="worked", text="It still holds.")
    practice = make_published_practice(
        carol, chris, reports=[report, make_report(make_person("dora"), carol)]
    )
    practice.try_out(by=author, verdict="worked", line="It helped us too.")
    report.refresh_from_db()
    report.keep_words({"result": ["unpublishedwords"]}, by=author, page="pageofherform")
    Experience.objects.filter(pk=report.pk).update(source_id="identifierelsewhere")
    make_draft(author, title="draftonly")
    author.experiences.update(created_at=MOMENT, submitted_at=MOMENT, published_at=MOMENT, saved_at=MOMENT)
    for row in report.log.all():
        type(row).objects.filter(pk=row.pk).update(at=MOMENT)
    report.revisions.update(at=MOMENT)
    newcomer = make_person("newcomer")
    make_draft(newcomer, title="waitingforreview", identity="withheld").submit(by=newcomer)
    return report, practice


def addresses(report, practice):
    """Yield every address that is read by GET, what varies in it filled with what was told."""
    claim = practice.claims().first()
    known = {
        "public_id": report.public_id,
        "number": practice.current.number,
        "pk": claim.pk,
        "section": "experiences",
    }
    for route in routes():
        address = route["address"]
        if "GET" not in route["methods"] or address.startswith("/admin/") or "*" in address:
            continue
        known["slug"] = practice.slug if "practices" in address else "moving-platform"
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: str(known.get(one[1], "x")), address)
        yield filled
    yield f"/practices/{practice.slug}/claims/{claim.pk}/cite/?report={report.public_id}"
    yield f"/api/v1/practices/{practice.slug}/?copy=working"
    yield "/api/v1/clusters/aside/?stake=moving-platform"
    yield f"/experiences/new/?begun_from={report.public_id}"
    for order in ("newest", "oldest", "likeness"):
        yield f"/experiences/?ordering={order}"
    yield "/api/v1/experiences/?facets=1&page_size=100"
    for word in {**PRIVATE, **FOR_CURATORS}.values():
        yield from ASKED.format(word).split()


def gathered(client, report, practice):
    """Return {address: status, headers and body} of all that one person is given."""
    found = {}
    for address in addresses(report, practice):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        found[address] = (response.status_code, f"{headers}\n{body.decode()}")
    return found


@pytest.mark.parametrize("kind", ["visitor", "member", "curator", "moderator"])
def test_no_answer_tells_who_or_when(kind, told, ben, carol, mona, browse, caplog):
    report, practice = told
    person = {"visitor": None, "member": ben, "curator": carol, "moderator": mona}[kind]
    Situation.state(contexts(audience=["external"]), by=ben)
    hidden = PRIVATE if kind in ("curator", "moderator") else PRIVATE | FOR_CURATORS
    with caplog.at_level(logging.DEBUG):
        answers = gathered(browse(person), report, practice)
    assert sum(status == 200 for status, _text in answers.values()) >= 40
    for address, (_status, text) in answers.items():
        asked = address.partition("?q=")[2]
        for what, word in hidden.items():
            if word != asked:
                assert word not in text, f"{address} tells a {kind} the {what}"
        if person is None or "/accounts/" not in address:
            assert not MOMENTS.search(text), f"{address} tells a {kind} when: {MOMENTS.search(text)[0]}"
    for what, word in hidden.items():
        told_by_search = {f"?q={word}"}
        lines = [line for line in caplog.messages if not any(one in line for one in told_by_search)]
        assert not any(word in line for line in lines if "INSERT" not in line and "SELECT" not in line), what


def test_no_program_is_told_more_than_a_page(told, ben, carol, api):
    report, practice = told
    for person, hidden in ((None, PRIVATE | FOR_CURATORS), (ben, PRIVATE | FOR_CURATORS), (carol, PRIVATE)):
        program = api(person)
        for address in addresses(report, practice):
            if address.startswith("/api/"):
                text = program.get(address).content.decode()
                for what, word in hidden.items():
                    assert word == address.partition("?q=")[2] or word not in text, f"{address}: {what}"
                assert not MOMENTS.search(text), address


def test_no_answer_to_a_verb_tells_who_or_when(told, ben, carol, chris, mona, api):
    report, practice = told
    place, base = f"/api/v1/experiences/{report.public_id}", f"/api/v1/practices/{practice.slug}"
    other = make_report(make_person("edgar"), carol)
    make_known(ben)
    words = {"words": "human contact", "note": "It names someone."}
    practice.reopen(by=chris)
    claim = practice.claims().get()
    for person, address, body in (
        (carol, f"{place}/link/", {"other": other.public_id}),
        (carol, f"{place}/stakes/", {"stakes": ["first-steps"]}),
        (mona, f"{place}/withhold/preview/", words),
        (mona, f"{place}/withhold/", words),
        (mona, f"{place}/withheld/", None),
        (ben, f"{place}/flag/", {"reason": "abuse"}),
        (mona, f"{place}/restore/", {}),
        (mona, f"{place}/withdraw-trust/", {"note": "It names a client."}),
        (mona, f"{place}/give-trust-back/", {}),
        (carol, f"{base}/material/", {"experiences": [report.public_id]}),
        (carol, f"/api/v1/claims/{claim.pk}/move/", {"places": 1}),
    ):
        answer = api(person).post(address, body)
        assert answer.status_code in (200, 204), (address, answer.content)
        text = f"{answer.headers}\n{answer.content.decode()}"
        for what, word in PRIVATE.items():
            assert word not in text, f"{address}: {what}"
        assert not MOMENTS.search(text), address


def test_no_mail_to_anyone_ties_the_report_to_its_author(told):
    report, _practice = told
    for mail in OutgoingMail.objects.all():
        to_author = "hidden-mailbox" in mail.recipient or mail.recipient.startswith("zephyrine@")
        said = f"{mail.subject}\n{mail.body}"
        if to_author:
            assert report.public_id not in said
            assert report.title not in said
        for what, word in (PRIVATE | FOR_CURATORS).items():
            assert word not in said, f"{mail.recipient} is told the {what}"


def test_no_file_tells_who_or_when(told, tmp_path):
    for name, formats in (("experiences", ("jsonl", "csv")), ("practices", ("jsonl", "csv"))):
        for form in formats:
            target = tmp_path / f"{name}.{form}"
            call_command(f"export_{name}", format=form, output=str(target))
            text = target.read_text()
            assert text
            for what, word in (PRIVATE | FOR_CURATORS).items():
                assert word not in text, f"{target.name} tells the {what}"
            assert not MOMENTS.search(text)


def test_what_is_looked_for_is_there_for_the_member_alone(told, browse):
    """Else the others would find nothing because there was nothing."""
    report, practice = told
    answers = gathered(browse(report.author), report, practice)
    text = "\n".join(text for _status, text in answers.values())
    for word in ("Zephyrine", "Quillfeather", "unpublishedwords", "draftonly", "curators-only-link"):
        assert word in text
    assert timezone.now() > MOMENT
