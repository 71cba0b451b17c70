"""A moderator removes a claim, takes the practice down and lets it stand again: by keyboard, in French."""

import pytest

from practices.models import Claim, Practice
from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.browser
WHY = "On s’y moque d’une collègue."


def test_a_moderator_removes_a_claim_takes_a_practice_down_and_lets_it_stand(
    open_page, ana, carol, chris, mona
):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)], language="fr")
    about, part = practice.get_absolute_url(), practice.current.claims.get().lasting_id

    phone = open_page(mona)
    phone.goto(about)
    press(phone, ".at-hand section summary")
    leave(phone, lambda: press(phone, "main a[href$='/withhold/']"))
    assert_accessible(phone)
    press(phone, f"#claim-{part} summary")
    fill(phone, f"#take-down-{part}_note", WHY)
    leave(phone, lambda: press(phone, f"#claim-{part} form button"))
    done = in_french("The claim is removed, and the grade computed without it.")
    assert done in phone.locator(".messages").inner_text()
    assert_accessible(phone)
    assert Claim.everything.filter(removal_note=WHY).count() == 2
    press(phone, "#take-down > summary")
    fill(phone, "#take-down_note", WHY)
    leave(phone, lambda: press(phone, "#take-down form button"))
    assert_accessible(phone)
    assert Practice.objects.get().moderation == "removed"

    reader = open_page()
    assert reader.goto(about).status == 404
    assert in_french("Taken down by a moderator") == reader.locator("h1").inner_text()
    assert_accessible(reader)
    for place in ("/practices/desk/", about, f"{about}workbench/"):
        for width in (360, 1280):
            desk = open_page(carol, width=width)
            desk.goto(place)
            assert WHY in desk.locator("main").inner_text()
            assert_accessible(desk)
            assert desk.complaints == []

    press(phone, "#let-stand > summary")
    leave(phone, lambda: press(phone, "#let-stand form button"))
    assert reader.goto(about).status == 200
    assert phone.complaints == []
