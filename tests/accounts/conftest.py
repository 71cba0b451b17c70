"""Members whose addresses are confirmed, and the way to a new password."""

import re

import pytest

NEW_PASSWORD = "lune-verte-sept-ponts"
TWICE = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


def confirm(person):
    """Confirm the address of `person`, as its code would; return them."""
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def confirmed(ana):
    """Ana, who confirmed her address."""
    return confirm(ana)


def reset_form(browser, person, mailoutbox):
    """Ask for a new password and open what the mail says; return the address of the form that takes it."""
    browser.post("/accounts/password/reset/", {"email": person.email})
    path = re.search(r"http://\S+?(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)[1]
    return browser.get(path)["Location"]
