"""A list asks the database as often for twelve rows as for two."""

from itertools import count

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Token
from experiences.list_index import held
from experiences.models import Situation, Stake
from experiences.models.vocabulary import cache as vocabulary_cache
from experiences.text_index.index import INDEXES
from practices.models import Dismissal, Practice, Trial
from tests.conftest import make_person
from tests.factories import (
    TYPED,
    WHERE,
    contexts,
    make_cluster,
    make_draft,
    make_practice,
    make_published_practice,
    make_report,
)

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/",
    "/stakes/",
    "/stakes/moving-platform/",
    "/map/",
    "/map/?facet=kind&competency=tools",
    "/role/",
    "/role.md",
    "/glossary/",
    "/glossary/trade/",
    "/glossary/trade/lurker/",
    "/experiences/",
    "/experiences/?q=forum&stake=moving-platform&audience=external&not_platform=chat",
    "/experiences/?ordering=likeness",
    "/practices/",
    "/practices/?q=places&audience=external&min_grade=G0",
    "/practices/?ordering=likeness",
    "/feeds/experiences/?verdict=worked",
    "/feeds/practices/",
    "/experiences.csv?verdict=worked",
    "/practices.csv",
    "/sitemap.xml",
    "/api/v1/experiences/?facets=1",
    "/api/v1/experiences/?q=forum",
    "/api/v1/practices/?facets=1",
    "/api/v1/stakes/",
    "/api/v1/contexts/",
    "/api/v1/map/",
    "/api/v1/responsibilities/",
]
# Pages of one person: what they hold grows with the rows below.
OWN = [("ana", "/experiences/mine/"), ("ana", "/api/v1/me/experiences/"), ("carol", "/practices/desk/")]
numbers = count()
COUNTS = {}


@pytest.mark.parametrize("address", ADDRESSES)
def test_twelve_rows_take_as_many_queries_as_two(counts, address):
    few, many = counts[address]
    assert many == few


@pytest.fixture
def counts(browse, ana, carol, chris):
    """Return {address: (queries for two rows, for twelve)}, counted once by each process: rows are slow."""
    if not COUNTS:
        Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ana)
        readers = {address: browse(ana if "likeness" in address else None) for address in ADDRESSES}
        fill(2, ana, carol, chris)
        bring_in_step()
        few = [queries(reader, address) for address, reader in readers.items()]
        fill(10, ana, carol, chris)
        bring_in_step()
        many = [queries(reader, address) for address, reader in readers.items()]
        COUNTS.update(zip(ADDRESSES, zip(few, many, strict=True), strict=True))
    return COUNTS


def bring_in_step():
    """Write what is new to the files of search, once: the first search after a change does."""
    for one in INDEXES.values():
        one.catch_up()


@pytest.mark.parametrize(("name", "address"), OWN)
def test_twelve_rows_of_one_s_own_take_as_many_queries_as_two(browse, ana, carol, chris, mona, name, address):
    reader = browse({"ana": ana, "carol": carol}[name])
    leave_work(2, ana, carol, chris, mona)
    few = queries(reader, address)

    leave_work(10, ana, carol, chris, mona)

    assert queries(reader, address) == few


def leave_work(number, ana, carol, chris, mona):
    """Leave `number` drafts of ana, and as many reports and practices in each state for the desk."""
    for _each in range(number):
        make_draft(ana)
        author = make_person(f"author{next(numbers)}")
        make_draft(author).submit(by=author)
        make_practice(carol)
        make_practice(carol).submit(by=carol)
        published = make_published_practice(carol, chris)
        Practice.objects.filter(pk=published.pk).update(review_due_on="2020-01-01")
        make_published_practice(carol, chris).remove(by=mona, note="It mocks a member.")


def test_a_moderator_s_page_of_a_practice_asks_as_often_for_many_claims_as_for_one(
    browse, carol, chris, mona
):
    few, many = make_published_practice(carol, chris, title="Few"), make_practice(carol, title="Many")
    for turn in range(11):
        many.add_claim(by=carol, kind="do-this", text=f"Do it {turn} times.", opinion=True)
    many.submit(by=carol).publish(by=chris)
    for practice in (few, many):
        practice.current.claims.first().take_down(by=mona, note="It mocks a member.")
    queries(browse(mona), f"{few.get_absolute_url()}withhold/")
    asked = queries(browse(mona), f"{few.get_absolute_url()}withhold/")
    assert queries(browse(mona), f"{many.get_absolute_url()}withhold/") == asked


def test_a_page_asks_as_often_for_much_evidence_as_for_little(browse, ana, ben, carol, chris):
    """The report's and the practice's own pages, on the web and for programs."""
    first = make_report(ana, carol)
    little = make_published_practice(carol, chris, title="Little", reports=[first])
    reports = [make_report(make_person(f"author{next(numbers)}"), carol) for _each in range(6)]
    much = make_published_practice(carol, chris, title="Much", reports=reports)
    for practice in (little, much):
        practice.try_out(by=ana, verdict="worked", line="It held.")
    for member in (ben, carol, chris):
        much.try_out(by=member, verdict="worked", line="It held.")
    for address in ("/practices/{}/", "/practices/{}/v/1/", "/api/v1/practices/{}/"):
        queries(browse(), address.format(little.slug))
        few = queries(browse(), address.format(little.slug))
        assert queries(browse(), address.format(much.slug)) == few, address


def test_a_report_asks_as_often_whatever_hangs_under_it(browse, ana, carol, chris):
    bare, cited = make_report(ana, carol, measured=True), make_report(ana, carol, measured=True)
    for _each in range(3):
        make_published_practice(carol, chris, reports=[cited])
        cited.follow_up(by=ana, verdict="worked", text="It still holds.")
    make_published_practice(carol, chris, reports=[bare])
    bare.follow_up(by=ana, verdict="worked", text="It still holds.")
    for address in ("/experiences/{}/", "/api/v1/experiences/{}/"):
        queries(browse(), address.format(bare.public_id))
        few = queries(browse(), address.format(bare.public_id))
        assert queries(browse(), address.format(cited.public_id)) == few, address


def test_what_a_report_said_before_takes_as_many_queries_for_twelve_times_as_for_two(browse, ana, carol):
    report = make_report(ana, carol, measured=True)
    addresses = [
        f"/experiences/{report.public_id}/history/",
        f"/api/v1/experiences/{report.public_id}/revisions/",
    ]
    counts = []
    for number in (1, 11):
        for turn in range(number):
            report.result = f"{number}: attempt {turn}."
            report.write(by=ana)
        counts.append(
            [queries(reader, address) for reader in (browse(), browse(ana)) for address in addresses]
        )
    assert counts[0] == counts[1]


def cluster_of(number, carol):
    return make_cluster(make_person(f"author{next(numbers)}"), carol, number=number, measured=True)


@pytest.mark.parametrize(
    "address", ["/practices/desk/", "/practices/clusters/?stake=moving-platform", "/api/v1/clusters/"]
)
def test_five_clusters_take_as_many_queries_as_two(browse, carol, address):
    for _each in range(2):
        cluster_of(2, carol)
    queries(browse(carol), address)
    few = queries(browse(carol), address)
    for _each in range(3):
        cluster_of(4, carol)
    assert queries(browse(carol), address) == few


def test_twelve_reports_side_by_side_take_as_many_queries_as_two(browse, carol):
    counts = {"": [], "/api/v1": []}
    for number in (2, 12):
        cluster = cluster_of(number, carol)
        practice = make_practice(carol, title=f"Of {number}").gather(
            [member.report for member in cluster.members.all()], by=carol
        )
        claim = practice.claims().get()
        for report in list(practice.gathered())[: number // 2]:
            claim.cite(report, by=carol, bearing="supports", excerpt=report.lessons)
        for door in ("", "/api/v1"):
            address = f"{door}/practices/{practice.slug}/material/"
            queries(browse(carol), address)
            counts[door].append(queries(browse(carol), address))
    assert all(few == many for few, many in counts.values())


def test_twelve_of_all_one_did_take_as_many_queries_to_tell_as_two(browse, ana, carol, chris, mona):
    addresses = ["/accounts/data/", "/accounts/data/file/", "/api/v1/me/data/"]
    cleo = make_person("cleo", "Curators", "Moderators")
    reader = browse(cleo)
    do_everything(2, cleo, carol, chris, mona)
    queries(reader, addresses[0])  # The first of a session asks more.
    few = {address: queries(reader, address) for address in addresses}

    do_everything(10, cleo, carol, chris, mona)

    assert {address: queries(reader, address) for address in addresses} == few


def do_everything(number, cleo, carol, chris, mona):
    """Have cleo do `number` times what a curator and moderator can do who also tells, asks and tries."""
    where = WHERE | {"platform": ["chat", "forum"]}
    for _each in range(number):
        other = make_person(f"author{next(numbers)}")
        theirs = make_draft(other).submit(by=other).publish(by=cleo)
        theirs.ask(by=cleo, text="How long did it take?")
        flagged = make_report(other, carol)
        flagged.flag(by=cleo, reason="off-topic")
        mine = make_report(cleo, carol, measured=True, where=where)
        mine.sources.create(url="https://example.org/")
        mine.follow_up(by=cleo, verdict="worked", text="It holds.")
        mine.ask(by=other, text="With whom?").answer(by=cleo, text="With two others.")
        mine.withhold_words(by=mona, words="mailing list", note="It names them.")
        begun = make_practice(cleo, reports=[theirs])
        begun.gather([theirs], by=cleo)
        begun.comment(by=cleo, text="Is it so?")
        begun.submit(by=cleo).publish(by=chris)
        published = make_practice(carol)
        published.comment(by=cleo, text="Is it so?", claim=published.claims().get())
        published.submit(by=carol).publish(by=cleo)
        published.try_out(by=cleo, verdict="worked", line="It held.", contexts=contexts(**where))
        grown = make_published_practice(carol, chris).try_out(by=cleo, verdict="worked", line="In part.")
        Trial.objects.filter(pk=grown.pk).update(report=mine)
        Dismissal.objects.create(by=cleo, report=theirs, stake=Stake.objects.first())
        EmailAddress.objects.create(user=cleo, email=f"cleo{next(numbers)}@example.org")
        Token.issue(by=cleo, name="Script", scope="read")


def fill(number, ana, carol, chris):
    """Publish `number` reports, each by someone else, and as many practices."""
    for _each in range(number):
        author = make_person(f"author{next(numbers)}")
        report = make_report(author, carol, measured=True)
        make_published_practice(carol, chris, reports=[report])


def queries(reader, address):
    vocabulary_cache.forget()  # Read once a minute by each process: counted each time.
    held.in_step("reports", "practices")  # What is new since is read once by each process.
    caches["pages"].clear()  # What it costs to make it.
    with CaptureQueriesContext(connection) as captured:
        assert reader.get(address).status_code == 200
    return len(captured)


def test_posting_a_report_with_nine_tags_takes_at_most_eleven_queries(browse, ana, carol, monkeypatch):
    """Besides the session and what frames the transaction: by a trusted author, published and indexed."""
    where = WHERE | {"platform": ["chat", "forum"], "sector": ["finance"]}
    for _each in range(5):  # Enough organisations, so that the check before sending asks nothing.
        make_report(make_person(f"author{next(numbers)}"), carol, where=where)
    make_report(ana, carol)
    client = browse(ana)
    monkeypatch.setattr(vocabulary_cache, "KEPT", 60)
    client.get("/experiences/new/")
    told = {
        "stakes": ["moving-platform", "trust", "handover"],
        "identity": "withheld",
        "organisation": "Ana Ltd",
    }
    sent = TYPED | where | told | {"submission_key": "nine", "page": "nine", "do": "send"}

    with CaptureQueriesContext(connection) as captured:
        assert client.post("/experiences/new/", sent).status_code == 302

    vocabulary_cache.forget()
    report = ana.experiences.get(submission_key="nine")
    assert report.status == "published"
    assert report.stakes.count() + report.contexts.count() == 9
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [one["sql"] for one in captured if not one["sql"].startswith(frame)]
    session = [sql for sql in asked if "django_session" in sql or 'FROM "accounts_user" WHERE' in sql]
    # Two of them write what it is near by, a word profile and its postings; one what lists show of it.
    assert len(asked) - len(session) <= 11, "\n".join(asked)
