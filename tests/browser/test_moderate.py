"""A moderator clears a queue of forty alarms of five kinds in the time of two minutes: by keyboard alone, in
French, on a phone's width; and once more where scripts are off.
"""

import pytest

from experiences.models import Experience, Flag, FollowUp, Question
from experiences.models.flags import raise_flag
from practices.models import Practice, Trial
from tests.browser.conftest import assert_accessible, in_french
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report

pytestmark = pytest.mark.browser
EACH = 8
KINDS = ["report", "trial", "question", "follow-up", "practice"]
WHY = "Moquerie."
MOST_KEYS = 150  # A key a second, and half a minute over to read: two minutes.
MOST_TABS = 40  # From one place of the page to another, before it is called lost.


@pytest.fixture
def forty(ana, ben, carol, chris, transactional_db):
    """Eight things of each of five kinds wait for a moderator; no reader raised more alarms than a few."""
    make_known(ben)
    base = make_report(ana, carol, language="fr")
    for number in range(EACH):
        told = make_report(ana, carol, language="fr", title=f"Récit signalé {number}")
        asked = make_report(ana, carol, language="fr", title=f"Récit suivi {number}")
        asked.follow_up(by=ana, verdict="worked", text=f"Un an plus tard, suivi {number}.")
        asked.ask(by=ben, text=f"Qui animait, question {number} ?")
        practice = make_published_practice(carol, chris, reports=[base], title=f"Pratique {number}")
        # Nothing was published of whoever tries: it waits to be read, and no alarm is needed.
        practice.try_out(by=make_person(f"new{number}"), verdict="worked", line=f"Essai {number}.")
        readers = [make_known(make_person(f"reader{number}x{turn}")) for turn in range(2)]
        told.flag(by=readers[0], reason="identifies")
        raise_flag(practice, by=readers[0], reason="advertising")
        FollowUp.objects.get(report=asked).flag(by=readers[1], reason="off-topic")
        Question.objects.get(report=asked).flag(by=readers[1], reason="abuse", note="On se moque.")
    assert Flag.objects.open().count() == EACH * len(KINDS)
    assert not Flag.objects.filter(is_one_of_many=True).exists()


class Keyboard:
    """The keys of one page, counted; nothing else moves the focus."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, key):
        self.presses += 1
        self.page.keyboard.press(key)

    def tab_to(self, selector):
        """Press Tab until what `selector` names has the focus."""
        wanted = self.page.locator(selector).and_(self.page.locator(":focus"))
        for _each in range(MOST_TABS):
            self.press("Tab")
            if wanted.count():
                return
        raise AssertionError(f"{selector} is not reached in {MOST_TABS} presses of Tab")

    def follow(self, selector):
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def type(self, text):
        for letter in text:
            self.press(letter)

    def skip(self):
        self.tab_to("a.skip")
        self.press("Enter")

    def decide_on_all(self, kind, decision, why=""):
        """Ask for one kind, tick all of it, choose a decision, say why, and press the button."""
        self.skip()
        self.follow(f".tabs a[href^='?kind={kind}']")
        self.follow("a[href*='ticked=all']")
        assert self.page.locator("input[name=items]:checked").count() == EACH
        self.tab_to("a[href='#decide']")
        self.press("Enter")
        self.tab_to("input[name=decision]")
        self.press("Space")
        while not self.page.locator(f"input[name=decision][value={decision}]:checked").count():
            self.press("ArrowDown")
        self.tab_to("#decide_note")
        self.type(why)
        self.follow("#decide button")


def clear(page):
    """Clear the queue, each kind by a decision of its own; return how many keys it took."""
    keys = Keyboard(page)
    page.goto("/moderation/")
    assert page.locator("input[name=items]").count() == EACH * len(KINDS)
    keys.decide_on_all("question", "remove", WHY)
    said = page.locator(".messages")
    assert f"{EACH}" in said.inner_text()
    assert said.bounding_box()["y"] >= page.evaluate("window.scrollY") == 0  # what was done is seen
    keys.decide_on_all("follow-up", "remove", WHY)
    keys.decide_on_all("trial", "hide")  # They go on waiting: nothing is lost by a second thought.
    for kind in ("report", "trial", "practice"):
        keys.decide_on_all(kind, "allow")
    assert page.locator("input[name=items]").count() == 0
    assert in_french("Nothing waits for you") in page.locator("main").inner_text()
    print(f"{keys.presses} keys")
    return keys.presses


def assert_decided():
    assert not Flag.objects.open().exists()
    assert not Question.objects.exists()
    assert set(FollowUp.objects.values_list("moderation", "decision_note")) == {("removed", WHY)}
    assert set(Trial.objects.values_list("moderation", "let_stand")) == {("shown", True)}
    assert set(Experience.objects.values_list("status", flat=True)) == {"published"}
    assert set(Practice.objects.values_list("status", flat=True)) == {"published"}


def test_forty_alarms_of_five_kinds_are_cleared_in_two_minutes_by_keyboard(open_page, forty, mona):
    page = open_page(mona)
    page.goto("/moderation/?ticked=all")
    assert_accessible(page)
    assert clear(page) <= MOST_KEYS
    assert_accessible(page)
    assert page.complaints == []
    assert_decided()


def test_forty_alarms_are_cleared_without_scripts(plain, forty, mona):
    assert clear(plain(mona)) <= MOST_KEYS
    assert_decided()


def test_one_is_left_out_and_what_is_refused_is_said_in_words(open_page, forty, mona):
    """What another moderator decided meanwhile is refused and said; what is unticked goes on waiting."""
    page = open_page(mona)
    page.goto("/moderation/?kind=practice&ticked=all#shown")
    Practice.objects.get(slug="pratique-1").allow(by=make_person("max", "Moderators"))
    keys = Keyboard(page)
    keys.tab_to("input[name=items]:checked")
    keys.press("Space")
    keys.tab_to("input[name=decision][value=allow]")
    keys.press("Space")
    keys.follow("#decide button")
    assert page.locator("[role=alert]").get_by_role("link", name="Pratique – Pratique 1").is_visible()
    assert "practice:" not in page.locator("main").inner_text()
    assert page.locator("input[name=items]").count() == 1
    assert_accessible(page)
    assert Flag.objects.open().count() == EACH * len(KINDS) - (EACH - 1)
