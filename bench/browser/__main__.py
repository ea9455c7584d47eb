"""When is the chart on the screen? `python -m bench.browser` loads pages with an empty cache and a full one.

Pages are loaded in Chromium. The server draws the complete chart; Plotly takes its place once the page is idle. Both
times count from the start of the navigation, less the first paint of an empty page. `make bench-browser` runs it.
"""

import os
from argparse import ArgumentParser
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.pages.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import brotli  # type: ignore[import-untyped]  # no types
import django

django.setup()

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.pages.caseload import build, person
from bench.serving import cookie_of, served
from bench.table import print_table
from clients.models import Client
from tools.browser import chromium

LOADS = 8
HEADS = ("page", "first paint", "chart", "beyond empty", "target", "Plotly", "beyond empty", "target")
WATCH = """(() => {
  const seen = (window.benchSeen = {});
  const note = (name, found) => { if (found && !(name in seen)) seen[name] = performance.now(); };
  const look = () => {
    const drawn = document.querySelector('.chart-box > svg');
    note('chart', drawn && drawn.getBoundingClientRect().height > 0);
    note('plotly', document.querySelector('.at-chart .main-svg'));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
READ = "() => ({...window.benchSeen, paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime})"


def moments(context: BrowserContext, address: str, *, charts: bool) -> dict[str, float]:
    """Load a page once, and return the milliseconds from the start of the navigation to each event seen."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length > 0")
    if charts:
        page.wait_for_function("() => window.benchSeen.plotly")
    found: dict[str, float] = page.evaluate(READ)
    page.close()
    return found


def quickest(browser: Browser, site: str, cookie: str, path: str, *, charts: bool, warm: bool) -> dict[str, float]:
    """Load a page several times, and return the least time of each event.

    The least is what the page itself needs: longer times contain waits for other programs on the machine.
    """
    loads = []
    for _ in range(1 if warm else LOADS):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        if warm:
            moments(context, site + path, charts=charts)
        loads += [moments(context, site + path, charts=charts) for _ in range(LOADS if warm else 1)]
        context.close()
    return {name: min(load[name] for load in loads) for name in loads[0]}


def rows(browser: Browser, site: str, *, warm: bool) -> list[list[str]]:
    """Return the table rows of the empty page and of a client, with a full cache (`warm`) or an empty one."""
    reads = person("reads")
    cookie, kind = cookie_of(reads), "warm" if warm else "cold"
    empty = quickest(browser, site, cookie, reverse("empty"), charts=False, warm=warm)
    path = reverse("client", args=[Client.objects.get(code="READ").pk])
    client = quickest(browser, site, cookie, path, charts=True, warm=warm)
    said = {name: f"{client[name]:.0f}" for name in ("paint", "chart", "plotly")}
    beyond = {name: f"+ {client[name] - empty['paint']:.0f}" for name in ("chart", "plotly")}
    targets = ("", "") if warm else ("+ 30", "+ 450")
    return [
        [f"Empty, {kind}", f"{empty['paint']:.0f}", *[""] * 6],
        [
            f"A client, {kind}",
            said["paint"],
            said["chart"],
            beyond["chart"],
            targets[0],
            said["plotly"],
            beyond["plotly"],
            targets[1],
        ],
    ]


def main() -> None:
    ArgumentParser(prog="python -m bench.browser", description=__doc__.partition("\n")[0]).parse_args()
    build()
    with served() as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        print(f"Chromium {browser.version}, milliseconds, the least of {LOADS} loads")
        print_table(HEADS, [*rows(browser, service.address, warm=False), *rows(browser, service.address, warm=True)])
        browser.close()
    script = Path(settings.BASE_DIR / "static" / "vendor" / "plotly" / "plotly-basic.min.js").read_bytes()
    print(f"Plotly's script, compressed with brotli: {len(brotli.compress(script)) / 1000:.0f} kB (target 330 kB)")


if __name__ == "__main__":
    main()
