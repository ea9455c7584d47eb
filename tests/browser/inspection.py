"""What may be wrong with a page, whatever it shows."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
RUN_AXE = """async runOnly => {
  const { violations } = await axe.run({ runOnly, resultTypes: ["violations"], preload: false });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}"""
TOO_WIDE = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const isOut = element => element.getBoundingClientRect().right > page.clientWidth + 1;
  const out = [...document.querySelectorAll("body *")].filter(isOut);
  return out.slice(0, 3).map(element => element.outerHTML.slice(0, 80));
}"""
COLOURS = """() => {
  const { backgroundColor, color } = getComputedStyle(document.body);
  return [backgroundColor, color];
}"""
WHITE, BLACK = "rgb(255, 255, 255)", "rgb(20, 36, 44)"
WIDTHS = {"desk": 1440, "phone": 390, "at 200%": 720}
THEMES = {"light": RULES, "dark": COLOUR_RULES}
ON_SCREEN_ONLY = ".bar, .savebar, .filters, .foot, .skip, nav, button, .btn"


def faults(page: Page) -> list[str]:
    """Return what is wrong: axe in both themes on desk and phone, sideways scrolling, bars on paper."""
    prepare(page)
    broken = [fault for width in ("desk", "phone") for fault in broken_rules(page, width)]
    return broken + too_wide(page, "phone") + too_wide(page, "at 200%") + faults_on_paper(page)


def faults_on_phone(page: Page) -> list[str]:
    """Return what is wrong in a state of a page that was inspected whole."""
    prepare(page)
    return broken_rules(page, "phone") + too_wide(page, "phone")


def prepare(page: Page) -> None:
    if page.locator(".at-chart").count():
        page.locator(".at-chart .main-svg").first.wait_for()
    page.evaluate(AXE_SCRIPT)


def show_whole(page: Page, width: str) -> None:
    """Make the window as tall as the page: axe takes what lies under a sticky bar for too small a target."""
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTHS[width], "height": height})


def broken_rules(page: Page, width: str) -> list[str]:
    show_whole(page, width)
    found = []
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme)
        found += [f"{broken} ({theme}, {width})" for broken in page.evaluate(RUN_AXE, rules)]
    return found


def too_wide(page: Page, width: str) -> list[str]:
    show_whole(page, width)
    return [f"Scrolls sideways, {width}: {element}" for element in page.evaluate(TOO_WIDE)]


def faults_on_paper(page: Page) -> list[str]:
    page.emulate_media(media="print", color_scheme="dark")
    bars = page.locator(ON_SCREEN_ONLY).filter(visible=True).all()
    found = [f"Printed: {bar.get_attribute('class')}" for bar in bars]
    paper, ink = page.evaluate(COLOURS)
    return found if (paper, ink) == (WHITE, BLACK) else [*found, f"Printed in {ink} on {paper}"]
