"""What somebody may try who holds a device that was handed over: each a way out of the client's form."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import BrowserContext, Error, Page

FETCH = """([address, options]) => fetch(address, options).then(answer => answer.text()).catch(String)"""
STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, await caches.keys(), await indexedDB.databases(), history.state])"""
FIELDS = """() => [...document.querySelectorAll("input:not([type=radio], [type=hidden]), textarea, select")]
  .map(({ value }) => value).join(" ")"""
SEND = """([address, values]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address });
  for (const [name, value] of Object.entries(values))
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}"""


@dataclass
class Device:
    """The browser of a clinician who handed it over, and what somebody could have kept of the time before."""

    page: Page
    other: Page
    addresses: dict[str, str]
    earlier_form: dict[str, str]
    cookies: list[dict]
    open_context: Callable[..., BrowserContext]

    @property
    def context(self) -> BrowserContext:
        return self.page.context


def all_of(page: Page) -> str:
    """Return what a page shows, holds and keeps. One that the browser could not load keeps nothing."""
    page.wait_for_load_state()
    seen = [page.url, page.title(), page.content(), page.evaluate(FIELDS)]
    return "\n".join([*seen, page.evaluate(STORED)] if page.url.startswith("http://localhost") else seen)


def type_address(address: str) -> Callable[[Device], str]:
    def way(device: Device) -> str:
        device.page.goto(device.addresses[address])
        return all_of(device.page)

    return way


def in_a_new_tab(address: str) -> Callable[[Device], str]:
    def way(device: Device) -> str:
        tab = device.context.new_page()
        tab.goto(device.addresses[address])
        tab.go_back()
        tab.go_forward()
        seen = all_of(tab)
        tab.close()
        return seen

    return way


def script(code: str) -> Callable[[Device], str]:
    """Go somewhere by a script, as the browser's own buttons with several steps do."""

    def way(device: Device) -> str:
        with suppress(Error), device.page.expect_navigation(timeout=1_500):
            device.page.evaluate(code)
        return all_of(device.page)

    return way


def fetched(**options: object) -> Callable[[Device], str]:
    """Ask for every earlier address from inside the page, which also meets the browser's cache."""

    def way(device: Device) -> str:
        return "\n".join(device.page.evaluate(FETCH, [address, options]) for address in device.addresses.values())

    return way


def back(device: Device, times: int = 1) -> str:
    seen = []
    for _ in range(times):
        device.page.go_back()
        seen.append(all_of(device.page))
    return "\n".join(seen)


def forward(device: Device) -> str:
    device.page.go_back()
    device.page.go_forward()
    return all_of(device.page)


def reload(device: Device) -> str:
    device.page.reload()
    return all_of(device.page)


def without_a_network(go: Callable[[Page], object]) -> Callable[[Device], str]:
    """What the browser has in its own cache."""

    def way(device: Device) -> str:
        device.context.set_offline(True)
        with suppress(Error):
            go(device.page)
        device.page.wait_for_load_state()
        seen = device.page.inner_text("body") + device.page.title()
        device.context.set_offline(False)
        device.page.goto("/")
        return seen

    return way


def duplicate(device: Device) -> str:
    with device.page.expect_popup() as opened:
        device.page.evaluate("() => { window.open(location.href); }")
    seen = all_of(opened.value) + back_in(opened.value)
    opened.value.close()
    return seen


def back_in(page: Page) -> str:
    page.go_back()
    return all_of(page)


def restored_after_a_crash(device: Device) -> str:
    """Open the earlier pages in a browser that starts anew with all that this one keeps."""
    context = device.open_context(storage_state=device.context.storage_state())
    seen = []
    for address in device.addresses.values():
        page = context.new_page()
        page.goto(address)
        seen.append(all_of(page))
    context.close()
    return "\n".join(seen)


def with_the_old_cookies(device: Device) -> str:
    """Use the clinician's cookies of before the hand-over, to look and to send their own form again."""
    context = device.open_context()
    context.add_cookies(device.cookies)
    page = context.new_page()
    page.goto(device.addresses["client"])
    seen = all_of(page) + sent_again(page, device)
    context.close()
    return seen.replace(device.addresses["client"], "the address that was typed")


def send_the_earlier_form(device: Device) -> str:
    return sent_again(device.page, device)


def sent_again(page: Page, device: Device) -> str:
    with page.expect_navigation():
        page.evaluate(SEND, [device.addresses["rate"], device.earlier_form])
    return all_of(page)


def the_other_window(device: Device) -> str:
    return all_of(device.other)


def back_in_the_other_window(device: Device) -> str:
    return back_in(device.other)


TYPED = ("today", "client", "rate", "client_list", "ask_client", "ratings_csv", "supervision", "people")
WAYS: dict[str, Callable[[Device], str]] = {
    "back": back,
    "back, four times": lambda device: back(device, 4),
    "forward": forward,
    "reload": reload,
    "two steps back at once": script("() => history.go(-2)"),
    "back to the very first page": script("() => history.go(1 - history.length)"),
    "all steps forward": script("() => history.go(history.length)"),
    **{
        f"typed address: {name}": type_address(name)
        for name in ("today", "client", "rate", "client_list", "ask_client")
    },
    **{f"typed address: {name}": type_address(name) for name in TYPED},
    "typed address: settings": type_address("service_settings"),
    "typed address: my account": type_address("my_account"),
    "typed address: the page for codes": type_address("enter_code"),
    "typed address: nowhere": type_address("nowhere"),
    "signing out": type_address("account_logout"),
    "the sign-in page and what it is filled in with": type_address("account_login"),
    "a new tab on Today": in_a_new_tab("today"),
    "a new tab on the client": in_a_new_tab("client"),
    "a duplicated tab": duplicate,
    "a browser restored after a crash": restored_after_a_crash,
    "asked for by a script": fetched(),
    "asked for as JSON": fetched(headers={"accept": "application/json"}),
    "asked for from the cache": fetched(cache="force-cache"),
    "asked for from the cache alone": fetched(cache="only-if-cached", mode="same-origin"),
    "reloaded without a network": without_a_network(lambda page: page.reload()),
    "back without a network": without_a_network(lambda page: page.go_back()),
    "an earlier address without a network": without_a_network(lambda page: page.goto("/clients/")),
    "the old cookies": with_the_old_cookies,
    "the clinician's form sent again": send_the_earlier_form,
    "a window that was open before": the_other_window,
    "back in that window": back_in_the_other_window,
}


def addresses_of(client: object, session: object) -> dict[str, str]:
    """Return where a clinician, a supervisor or an administrator would go."""
    ids = {"client": client, "ratings_csv": client, "rate": session, "ask_client": session}
    names = ["today", "client_list", "supervision", "people", "service_settings", "my_account", "enter_code"]
    names += ["account_login", "account_logout", *ids]
    found = {name: reverse(name, args=[ids[name].pk] if name in ids else []) for name in names}
    return {"nowhere": "/nowhere/"} | found
