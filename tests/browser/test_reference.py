"""Pages an integrator passes: the reference of the API, and tokens; by phone and under the policy."""

import pytest

from tests.browser.conftest import assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("address", ["/api/v1/docs/", "/accounts/me/", "/accounts/tokens/"])
def test_what_an_integrator_reads_is_accessible_and_fits_a_phone(open_page, ana, address):
    page = open_page(ana)
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto(address)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not faults
