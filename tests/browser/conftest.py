"""A real Chromium on the real site: `open_browser(ada)` gives a page of a new browser in which Ada is signed in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from alliance_tracker.accounts.models import User
from tests.browser.live import Watch, serve
from tests.browser.pages import make_cast
from tests.databases import fresh_database
from tests.factories import make_link
from tools.browser import chromium

# Playwright keeps an event loop in the thread that the tests and their queries run in.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}

PLACE = {"locale": "en-GB", "timezone_id": "Europe/London"}
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

OpenBrowser = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    installed = chromium()
    return browser_type_launch_args | {"args": list(FLAGS)} | ({"executable_path": installed} if installed else {})


@pytest.fixture(scope="session")
def site(django_db_setup) -> Iterator[str]:
    """The address at which the site is served."""
    vendor = Path(django_settings.BASE_DIR, "static", "vendor")
    assert vendor.is_dir(), "static/vendor is missing: run `make static/vendor` first"
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    with serve() as address:
        yield address


@pytest.fixture(scope="module")
def cast(migrated, django_db_blocker) -> Iterator[SimpleNamespace]:
    """The people and clients of pages.py, for the tests of a module together: those tests change nothing."""
    with django_db_blocker.unblock(), fresh_database(migrated):
        yield make_cast()


@pytest.fixture(scope="module")
def watcher(site) -> Watch:
    return Watch(site)


@pytest.fixture
def watch(watcher) -> Iterator[Watch]:
    """What the browsers of a test complain about fails it."""
    watcher.start_again()
    yield watcher
    assert watcher.complaints == []


@pytest.fixture
def open_browser(site, watch, new_context) -> OpenBrowser:
    """Open a page of a browser of its own, with someone signed in or nobody."""

    def open_one(user: User | None = None, **options) -> Page:
        return prepared(new_context(base_url=site, **(DESK | PLACE | options)), watch, user).new_page()

    return open_one


@pytest.fixture
def address(yesterday) -> str:
    """A one-time link of Robin's, about yesterday's session."""
    return reverse("answer_link", args=[make_link(yesterday)])


@pytest.fixture
def phone(open_browser, address) -> Page:
    """The client's phone, on the first step of the form."""
    page = open_browser(**PHONE, reduced_motion="reduce")
    page.goto(address)
    return page


@pytest.fixture(scope="module")
def tabs(browser) -> Iterator[dict[User | None, Page]]:
    opened = {}
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.fixture
def tab_of(site, watch, browser, tabs) -> OpenBrowser:
    """The page that someone keeps open for all tests of a module: quicker, for tests that only look."""

    def take(user: User | None = None) -> Page:
        if user not in tabs:
            calm = browser.new_context(base_url=site, reduced_motion="reduce", **DESK, **PLACE)
            tabs[user] = prepared(calm, watch, user).new_page()
            tabs[user].on("dialog", lambda dialog: dialog.accept())
        page = tabs[user]
        page.goto("about:blank")  # an address that the tab shows already may count as no navigation
        page.set_viewport_size(DESK["viewport"])
        page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
        return page

    return take


def prepared(context: BrowserContext, watch: Watch, user: User | None) -> BrowserContext:
    context.set_default_timeout(PATIENCE)
    watch.over(context)
    if user:
        sign_in(context, user, watch.site)
    return context


def sign_in(context: BrowserContext, user: User, site: str) -> None:
    """Sign in by cookie: the sign-in page has its own test."""
    browser = Browser()
    browser.force_login(user)
    cookie = browser.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
