"""A reader raises an alarm; a moderator clears a queue of several kinds: by keyboard, in French."""

import pytest

from experiences.models import Flag, FollowUp, Question
from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report

pytestmark = pytest.mark.browser


def test_a_queue_of_several_kinds_is_cleared_by_keyboard(open_page, ana, ben, carol, chris, mona):
    report = make_report(ana, carol, language="fr", title="Nous avons déplacé la liste vers un forum")
    report.follow_up(by=ana, verdict="worked", text="Un an plus tard, cela tient toujours.")
    report.ask(by=make_known(ben), text="Qui animait les deux lieux pendant ces trois mois ?")
    practice = make_published_practice(carol, chris, reports=[report], language="fr")
    newcomer = make_person("newcomer")
    practice.try_out(by=newcomer, verdict="backfired", line="Tout le monde est parti.")
    for row in (FollowUp.objects.get(), Question.objects.get()):
        row.flag(by=carol, reason="identifies", note="On y reconnaît une collègue.")

    phone = open_page(ben)
    phone.goto(practice.get_absolute_url())
    press(phone, ".at-hand section summary")
    leave(phone, lambda: press(phone, f"a[href='/alarm/practice/{practice.slug}/']"))
    assert_accessible(phone)
    press(phone, "input[name=reason]", "Space")
    leave(phone, lambda: press(phone, "main form .btn.primary"))
    assert in_french("Thank you. The moderators are told; it stays shown until they have looked at it.") in (
        phone.locator(".messages").inner_text()
    )

    for width in (360, 1280):
        desk = open_page(mona, width=width, height=900)
        desk.goto("/moderation/")
        assert desk.locator("input[name=items]").count() == 4
        assert_accessible(desk)
    leave(desk, lambda: press(desk, "a[href*='ticked=all']"))
    press(desk, "input[name=decision][value=allow]", "Space")
    fill(desk, "#decide_note", "Rien à redire.")
    leave(desk, lambda: press(desk, "#decide button"))
    assert desk.locator("input[name=items]").count() == 0
    assert_accessible(desk)
    assert not Flag.objects.open().exists()
    assert desk.complaints == phone.complaints == []
