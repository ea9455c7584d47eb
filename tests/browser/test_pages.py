"""Every page as it opens: accessible in both themes on desk and phone, nothing to scroll sideways, fit for paper."""

import pytest

from tests.browser.inspection import faults
from tests.browser.pages import NOT_PAGES, PAGES, all_names

pytestmark = pytest.mark.browser


def test_every_address_has_a_row():
    assert all_names() == PAGES.keys() | NOT_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_page(cast, tab_of, name):
    person, address, *steps = PAGES[name]
    page = tab_of(getattr(cast, person) if person else None)
    response = page.goto(address(cast))
    assert response.status == 200
    for step in steps:
        step(page)
    assert faults(page) == []


def test_the_inspection_finds_what_is_wrong(cast, tab_of):
    page = tab_of()
    page.goto("/accounts/login/")
    page.evaluate("""() => {
      const wide = document.createElement("div");
      wide.className = "bar";
      wide.style = "width: 2000px; color: #999; background: #aaa; display: block !important";
      wide.innerHTML = "<img src='data:,'>Too pale to read";
      document.querySelector("main").append(wide);
    }""")
    found = "\n".join(faults(page))
    for fault in ("image-alt", "color-contrast", "sideways, phone", "sideways, at 200%", "Printed: bar"):
        assert fault in found
