"""Steps that several tests take."""

from playwright.sync_api import Locator, Page

NAME_OF_FOCUSED = """() => {
  const { activeElement } = document;
  return activeElement.getAttribute("aria-label") || activeElement.textContent.trim();
}"""
POINTS = """name => {
  const chart = document.querySelector(".at-chart");
  const at = chart.layout.meta.cursor.rows.findIndex(({ label }) => label === name);
  const { lines, raters } = chart.layout.meta.cursor;
  return chart.data[lines + at * raters.length + raters.findIndex(({ label }) => label === "you")].y;
}"""


def press_until_on(page: Page, key: str, name: str, *, at_most: int = 40) -> None:
    """Press a key until the focus is on the thing of this name."""
    for _ in range(at_most):
        page.keyboard.press(key)
        if page.evaluate(NAME_OF_FOCUSED) == name:
            return
    raise AssertionError(f"{key} does not lead to {name}")


def drawn_chart(page: Page) -> None:
    page.locator(".at-chart .main-svg").first.wait_for()


def chart_points(page: Page, row: str) -> list[float | None]:
    """Return the clinician's values that Plotly has drawn in one panel."""
    drawn_chart(page)
    return page.evaluate(POINTS, row)


def shown(page: Page) -> Locator:
    """Return the step of the client's form that is on the screen."""
    return page.locator(".step:visible")


def point(page: Page, value: str) -> Locator:
    return shown(page).locator(f"input[value='{value}']")


def press(page: Page, name: str) -> None:
    shown(page).get_by_role("button", name=name, exact=True).click()
