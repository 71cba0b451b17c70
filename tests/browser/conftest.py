"""A real Chromium, at a phone's width, and what every journey checks on its way."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.utils import translation
from playwright.sync_api import sync_playwright

# Playwright's own loop runs in the test's thread, where Django would refuse to reach the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
CHROMIUM = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_chromium():
    """Return where Chromium is; the one that draws no window is quicker."""
    fixed = [path for path in map(Path, CHROMIUM) if path.exists()]
    return str(fixed[0]) if fixed else shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """One browser for all journeys; each opens windows of its own."""
    path = find_chromium()
    if path is None:
        pytest.skip("needs Chromium: install Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def quiet_server():
    """Return a wait for all that the server is doing: what a page asked by itself outlives the page."""
    idle, running = threading.Condition(), set()

    def started(**_kwargs):
        with idle:
            running.add(threading.get_ident())

    def finished(**_kwargs):
        with idle:
            running.discard(threading.get_ident())
            idle.notify_all()

    request_started.connect(started)
    request_finished.connect(finished)
    yield lambda: quieten(idle, running)
    request_started.disconnect(started)
    request_finished.disconnect(finished)


def quieten(idle, running):
    with idle:
        assert idle.wait_for(lambda: not running - {threading.get_ident()}, timeout=15)


@pytest.fixture
def open_page(chromium, live_server, transactional_db, quiet_server, browse):
    """Return a maker of windows: open_page(ana, locale="fr-FR") is signed in; open_page() is a visitor's.

    What the browser complained of is in `page.complaints`.
    """
    contexts = []

    def opened(person=None, *, locale="fr-FR", width=360, height=800, theme=None):
        size = {"width": width, "height": height}
        context = chromium.new_context(base_url=live_server.url, locale=locale, viewport=size)
        context.set_default_timeout(15_000)
        cookies = {"sessionid": browse(person).cookies["sessionid"].value} if person else {}
        cookies |= {"theme": theme} if theme else {}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.asked = [], set()
        page.on("request", lambda request: page.asked.add(request))
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: page.asked.discard(request))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))
        return page

    yield opened
    for context in contexts:
        # The tables are emptied next: nothing new is asked, and what was asked is answered first.
        context.route("**/*", lambda route: route.abort())
        for page in context.pages:
            settle(page)
        # A form says on leaving what it has not said yet: it leaves here, where nobody can hear it.
        context.set_offline(True)
        for page in context.pages:
            page.goto("about:blank")
        context.close()
    quiet_server()


@pytest.fixture
def plain(chromium, live_server, transactional_db, browse):
    """Return a maker of windows without scripts, signed in."""
    contexts = []

    def opened(person):
        size = {"width": 360, "height": 800}
        context = chromium.new_context(
            base_url=live_server.url, locale="fr-FR", viewport=size, java_script_enabled=False
        )
        contexts.append(context)
        cookie = browse(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def settle(page):
    """Wait for the answers to what `page` asked; not for ever, as some ends are never told to us."""
    for _each in range(300):
        if not getattr(page, "asked", ()):
            return
        page.wait_for_timeout(10)


@pytest.fixture
def page(open_page):
    """A French visitor's phone."""
    return open_page()


def assert_accessible(page):
    """No violation of WCAG 2.2 A and AA that a machine can see, and nothing wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    found = (
        Axe()
        .run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
        .response["violations"]
    )
    told = [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"


def in_french(text):
    """Return one of our own texts as a French reader sees it."""
    with translation.override("fr"):
        return translation.gettext(text)


def press(page, selector, key="Enter"):
    """Reach a control as a keyboard does, and press a key on it."""
    page.locator(selector).first.focus()
    page.keyboard.press(key)


def focused(page, selector):
    """Wait until what `selector` names has the focus."""
    page.locator(selector).and_(page.locator(":focus")).wait_for(state="attached")


def fill(page, selector, text):
    page.locator(selector).first.focus()
    page.keyboard.insert_text(text)


def leave(page, act):
    """Do what leads to another page, and wait for it: what follows must not meet the page that goes."""
    with page.expect_navigation():
        act()
