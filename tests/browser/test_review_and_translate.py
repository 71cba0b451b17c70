"""On a phone, in French, by keyboard: a reviewer comments, a curator settles, translates, and follows the
original.
"""

import pytest

from practices.models import Practice
from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.browser


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


def test_a_reviewer_comments_beside_a_claim_and_its_curator_settles_it(open_page, report, carol, chris):
    practice = make_practice(carol, reports=[report]).submit(by=carol)
    bench = f"/practices/{practice.slug}/workbench/"
    claim = practice.claims().get()
    phone = open_page(chris)
    phone.goto(bench)
    press(phone, f"#claim-{claim.pk} details > summary")
    fill(phone, f"#id_comment-{claim.pk}-text", "Est-ce vrai partout ?")
    assert_accessible(phone)
    leave(phone, lambda: press(phone, "form[action$='/comment/'] button"))
    assert phone.url.endswith(f"#claim-{claim.pk}")
    assert phone.locator(f"#claim-{claim.pk}").get_by_text("Est-ce vrai partout ?").first.is_visible()
    assert_accessible(phone)

    desk = open_page(carol, width=1280, height=900, theme="dark")
    desk.goto("/practices/desk/")
    assert_accessible(desk)
    leave(desk, lambda: press(desk, f"a[href='{bench}']"))
    leave(desk, lambda: press(desk, f"#claim-{claim.pk} form[action$='/settle/'] button"))
    assert desk.locator("form[action$='/settle/']").count() == 0
    assert_accessible(desk)
    leave(phone, lambda: phone.goto(bench))
    leave(phone, lambda: press(phone, "form[action$='/do/publish/'] button"))
    assert phone.url.endswith(practice.get_absolute_url())
    assert [page.complaints for page in (phone, desk)] == [[], []]


def test_a_curator_translates_a_practice_and_follows_its_next_version(open_page, report, carol, chris):
    original = make_published_practice(carol, chris, reports=[report])
    phone = open_page(carol)
    phone.goto(original.get_absolute_url())
    press(phone, ".at-hand section summary")
    leave(phone, lambda: press(phone, "a[href$='/translate/']"))
    assert_accessible(phone)
    fill(phone, "#translate_title", "Faites vivre les deux lieux")
    leave(phone, lambda: press(phone, "main form button.primary"))
    assert phone.input_value("#id_summary") == original.summary
    leave(phone, lambda: press(phone, "main form button.primary"))
    assert_accessible(phone)
    leave(phone, lambda: press(phone, "form[action$='/do/submit/'] button"))
    Practice.objects.get(translation_of=original).publish(by=chris)

    original.reopen(by=carol)
    original.claims()[0].revise(by=carol, text="Announce the end date twice.")
    original.refresh_from_db()
    original.submit(by=carol).publish(by=chris)
    translation = Practice.objects.get(translation_of=original)
    reader = open_page()
    reader.goto("/practices/")
    assert reader.get_by_role("link", name=translation.title, exact=True).is_visible()
    leave(reader, lambda: press(reader, f"h3 a[href='{translation.get_absolute_url()}']"))
    assert reader.get_by_text(in_french("The original has changed since.")).is_visible()
    assert_accessible(reader)
    leave(reader, lambda: press(reader, "a[href*='/compare/']"))
    assert reader.locator("ins").get_by_text("twice.").is_visible()
    assert_accessible(reader)

    translation.reopen(by=carol)
    leave(phone, lambda: phone.goto(f"/practices/{translation.slug}/workbench/"))
    leave(phone, lambda: press(phone, "form[action$='/follow/'] button"))
    assert phone.locator("form[action$='/follow/']").count() == 0
    leave(phone, lambda: press(phone, "a[href$='to=working']"))
    assert_accessible(phone)
    assert [page.complaints for page in (phone, reader)] == [[], []]
