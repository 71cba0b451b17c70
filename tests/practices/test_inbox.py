"""What members are told on the site: of what, to whom, in which words, and that nobody else reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from experiences.models import Experience
from practices.inbox.sentences import OTHERS, PRACTICES, REPORTS, with_sentences
from practices.models import KeptSearch
from tests.conftest import make_person
from tests.factories import make_draft, make_published_practice, make_report
from tests.outbox import run_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_as_in_production")]
PAGE, API = "/notifications/", "/api/v1/notifications/"


def unread(member):
    return Notification.objects.visible_to(member).unread().count()


def told(member):
    """Return {name: sentence} of what `member` was told, the unread counted as they are."""
    member.refresh_from_db()
    rows = list(Notification.objects.filter(member=member))
    assert unread(member) == sum(not row.is_read for row in rows)
    return {row.name: row.sentence.text for row in with_sentences(rows, User.objects.get(pk=member.pk))}


def test_an_author_is_told_what_becomes_of_their_report(ana, ben, carol, chris):
    report = make_draft(ana, title="Moved").submit(by=ana)
    assert told(ana) == {}
    assert told(carol) == told(chris) == {"to_be_read": "A report waits for a curator: “Moved”"}
    report.return_to_author(by=carol, reason="unclear", note="Say when.")
    report.submit(by=ana).publish(by=carol)
    question = report.ask(by=ben, text="Who ran both?")
    question.answer(by=ana, text="Two of us.")
    make_published_practice(carol, chris, title="Announce the end", reports=[report])
    said = told(ana)
    assert said["came_back"] == "“Moved” came back to you: a curator says what to change"
    assert said["is_public"] == "“Moved” is published: everybody can read it"
    assert said["question_asked"] == "A reader asks you something about “Moved”"
    assert said["cited"] == "A practice cites your report “Moved”"
    assert told(ben) == {"question_answered": "Your question about “Moved” was answered"}


def test_what_was_done_waits_for_nobody_any_more(ana, carol, chris):
    report = make_draft(ana).submit(by=ana)
    chris.refresh_from_db()
    assert unread(chris) == 1
    report.return_to_author(by=carol, reason="unclear", note="Say when.")
    chris.refresh_from_db()
    ana.refresh_from_db()
    assert (unread(chris), unread(ana)) == (0, 1)
    report.submit(by=ana)
    ana.refresh_from_db()
    assert unread(ana) == 0


def test_a_report_is_cited_once_in_each_practice_and_told_by_mail_to_who_wants_all(ana, carol, chris):
    User.objects.filter(pk=ana.pk).update(notices="all")
    report = make_report(ana, carol, title="Moved")
    run_worker()
    practice = make_published_practice(carol, chris, title="Announce the end", reports=[report])
    mails = [one for one in run_worker() if one.to == [ana.email]]
    assert [one.subject for one in mails] == ["A practice cites “Moved”"]
    assert "Announce the end" in mails[0].body
    practice.reopen(by=carol)
    practice.submit(by=carol).publish(by=chris)
    assert Notification.objects.filter(name="cited").count() == 1
    assert not [one for one in run_worker() if "cites" in one.subject]


def test_who_withholds_their_name_is_told_on_the_site_alone_that_a_practice_cites_them(ana, carol, chris):
    User.objects.filter(pk=ana.pk).update(notices="all")
    report = make_report(ana, carol, title="Quillfeather", identity="withheld")
    run_worker()
    make_published_practice(carol, chris, reports=[report])
    assert told(ana)["cited"] == "A practice cites your report “Quillfeather”"
    assert not [one for one in run_worker() if one.to == [ana.email]]


def test_who_works_on_or_feeds_a_practice_is_told_that_its_grade_moved(ana, ben, carol, chris):
    zoe, sam = make_person("zoe"), make_person("sam")
    reports = [make_report(ana, carol, measured=True), make_report(sam, carol, identity="withheld")]
    practice = make_published_practice(carol, chris, title="Announce the end", reports=reports)
    KeptSearch(name="Mine", kind="practices", query=f"practice={practice.slug}").write(by=zoe)
    reports[0].refresh_from_db()
    reports[0].withdraw(by=ana, note="No more.")
    assert "moved" in told(carol)
    assert told(sam)["moved"].endswith("moved from G2 Echoed to G1 Lone voice")
    assert "moved" not in told(zoe)  # Who follows it hears of it by the alert of that search.
    practice.refresh_from_db()
    practice.try_out(by=ben, verdict="worked", line="It held.")
    assert "moved" not in told(ben)


def test_what_may_not_be_read_any_more_is_not_named(ana, ben, carol, chris, browse):
    report = make_report(ana, carol, title="Quillfeather")
    report.ask(by=ben, text="Who ran both?").answer(by=ana, text="Two of us.")
    make_published_practice(carol, chris, title="Marrow", reports=[report])
    report.refresh_from_db()
    report.withdraw(by=ana, note="No more.")
    page = browse(ben).get(PAGE).content.decode()
    assert "Quillfeather" not in page
    assert "about a report that you can no longer read" in page
    report.erase(by=ana)
    assert "Quillfeather" not in browse(ana).get(PAGE).content.decode()
    assert "Quillfeather" not in str(list(Notification.objects.values()))


def test_nothing_of_it_is_for_anyone_else(ana, ben, carol, browse, api):
    report = make_report(ana, carol, title="Quillfeather")
    row = Notification.objects.get(member=ana)
    for client in (browse(ben), browse(carol)):
        assert "Quillfeather” is published" not in client.get(PAGE).content.decode()
        assert client.post(reverse("open_notification", args=[row.public_id])).status_code == 404
    assert api(ben).get(f"{API}{row.public_id}/").status_code == 404
    assert api().get(API).status_code == 401
    assert browse().get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    assert (
        report.get_absolute_url()
        in browse(ana).post(reverse("open_notification", args=[row.public_id]))["Location"]
    )


def test_the_page_is_read_without_changing_anything_and_opening_one_marks_it(ana, carol, browse):
    make_report(ana, carol)
    browser = browse(ana)
    first = browser.get(PAGE)
    assert b"1 unread" in first.content
    assert browser.get(PAGE).content.count(b"Not read") == 1
    row = Notification.objects.get(member=ana)
    assert browser.get(reverse("open_notification", args=[row.public_id])).status_code == 405
    browser.post(reverse("open_notification", args=[row.public_id]))
    assert told(ana)
    assert b"unread" not in browser.get("/").content
    assert b"Nothing waits for you" in browser.get(f"{PAGE}?unread=1").content


def test_all_are_marked_as_read_at_once(ana, carol, browse, api):
    make_report(ana, carol)
    browse(ana).post("/notifications/read/")
    ana.refresh_from_db()
    assert unread(ana) == 0
    make_report(ana, carol).withdraw_trust(by=make_person("mo", "Moderators"), note="Too much advertising.")
    assert api(ana).post(f"{API}read/", {}).json() == {"read": 1}
    ana.refresh_from_db()
    assert unread(ana) == 0


def test_programs_read_them_and_mark_them(ana, carol, api):
    make_report(ana, carol, title="Moved")
    client = api(ana)
    (row,) = client.get(f"{API}?unread=1").json()["results"]
    assert (row["kind"], row["read"]) == ("published", False)
    assert row["text"] == "“Moved” is published: everybody can read it"
    assert client.get("/api/v1/me/").json()["unread"] == 1
    assert client.post(f"{row['url']}read/", {}).json()["read"] is True
    assert client.get(f"{API}?unread=1").json()["count"] == 0
    assert client.get(f"{API}?unread=no").status_code == 400
    assert api(ana, scope="read").post(f"{API}read/", {}).status_code == 403


def test_a_member_chooses_each_kind_on_the_site_and_by_mail(ana, carol, browse, api):
    page = browse(ana).get("/notifications/choices/")
    assert b'value="review"' not in page.content  # of curators
    sent = {"site": ["returned", "question"], "mail": ["returned", "cited"]}
    assert browse(ana).post("/notifications/choices/", sent).status_code == 302
    now = api(ana).get(f"{API}choices/").json()
    assert {way: sorted(kinds) for way, kinds in now.items()} == {
        "site": ["question", "returned"],
        "mail": ["cited", "returned"],
    }
    ana.refresh_from_db()
    make_draft(ana).submit(by=ana).return_to_author(by=carol, reason="unclear", note="Say when.")
    make_report(ana, carol)
    assert set(told(ana)) == {"came_back"}
    subjects = [one.subject for one in run_worker() if one.to == [ana.email]]
    assert len(subjects) == 2  # Returned, and the first that is published, which always comes.
    assert browse(ana).post("/notifications/choices/", {"site": ["nothing"]}).status_code == 422
    assert api(ana).put(f"{API}choices/", {"site": ["no"], "mail": []}).status_code == 400


@pytest.mark.parametrize("notices", ["none", "waiting", "all"])
def test_what_is_chosen_once_for_all_is_what_the_table_says(ana, notices, api):
    api(ana).put("/api/v1/me/notices/", {"notices": notices})
    before = api(ana).get(f"{API}choices/").json()
    assert ("cited" in before["mail"], "returned" in before["mail"]) == (notices == "all", notices != "none")
    assert api(ana).put(f"{API}choices/", before).json() == before
    ana.refresh_from_db()
    assert (ana.notices, ana.notification_choices) == (notices, {})
    api(ana).put(f"{API}choices/", {"site": [], "mail": ["cited"]})
    api(ana).put("/api/v1/me/notices/", {"notices": notices})
    again = api(ana).get(f"{API}choices/").json()
    assert again == {"site": [], "mail": before["mail"]}


def test_a_follow_up_is_asked_for_on_the_site_too_and_once(ana, carol):
    report = make_report(ana, carol)
    User.objects.filter(pk=ana.pk).update(notices="none")
    Experience.objects.filter(pk=report.pk).update(published_at=timezone.now() - timedelta(days=190))
    for _day in range(2):
        run_worker()
    assert "still_holds" in told(ana)
    assert Notification.objects.filter(name="still_holds").count() == 1


def test_what_is_new_in_a_kept_search_is_told(ana, ben, carol):
    KeptSearch(name="Moves", kind="reports", query="verdict=worked", alert="at-once").write(by=ben)
    User.objects.filter(pk=ben.pk).update(notices="none")
    make_report(ana, carol, verdict="worked")
    run_worker()
    assert told(ben) == {"new_results": "1 new or changed result in “Moves”"}
    KeptSearch.objects.all().delete()
    assert told(ben) == {"new_results": "Something was new in a search that you kept."}


def test_what_is_old_is_forgotten(ana, ben, carol):
    make_report(ana, carol)
    make_report(ben, carol)
    Notification.objects.filter(member=ana).update(at=timezone.now() - timedelta(days=181))
    run_worker()
    assert told(ana) == {}
    assert len(told(ben)) == 1


def test_they_are_part_of_one_s_data_and_go_with_the_account(ana, carol, browse):
    make_report(ana, carol, title="Moved")
    (row,) = browse(ana).get("/accounts/data/file/").json()["notifications"]
    assert row["text"] == "“Moved” is published: everybody can read it"
    assert "“Moved” is published" in browse(ana).get("/accounts/data/").content.decode()
    User.objects.get(pk=ana.pk).delete()
    assert not Notification.objects.filter(name="is_public").exists()


def test_kinds_that_are_for_others_are_not_chosen(ana, api):
    program, before = api(ana), api(ana).get(f"{API}choices/").json()
    kept = {"site": before["site"], "mail": before["mail"]}
    program.put(f"{API}choices/", kept | {"mail": [*before["mail"], "review"]})
    ana.refresh_from_db()
    assert "mail:review" not in ana.notification_choices
    assert program.get(f"{API}choices/").json() == before


def test_two_at_once_are_both_counted(together, carol, ana):
    def tell(turn):
        Notification.objects.tell(
            [User.objects.get(pk=ana.pk)], "alarm_raised", kind="alarm", key_of=lambda _member: str(turn)
        )

    assert together(4, tell) == [None] * 4
    ana.refresh_from_db()
    assert unread(ana) == Notification.objects.count() == 4


def test_every_wording_has_its_sentence(ana):
    """What the verbs tell has words here, and each of them reads without its thing."""
    from experiences.notifications.wordings import KINDS

    of_reports = {wording.__name__ for wording in KINDS} - {"received", "overdue"}
    assert of_reports == (REPORTS.keys() | OTHERS.keys()) - {"cited"}
    facts = {"before": 1, "after": 2}
    for name in (*REPORTS, *PRACTICES, *OTHERS):
        row = Notification(member=ana, name=name, about="1", facts=facts)
        assert with_sentences([row], ana)[0].sentence.text
        assert "%(" not in row.sentence.text
