"""The fields of every form of the site, read from the pages themselves: what they are called and what they hold."""

import re
from collections import defaultdict
from html.parser import HTMLParser

from django.urls import Resolver404, resolve

from tests.test_access import Visitor, code

Fields = dict[str, list[str]]
NEVER = {"csrfmiddlewaretoken"}


class Forms(HTMLParser):
    """Collects each form of a page: its method, its address, its fields."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.form, self.select = address, [], None, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            where = given.get("action") or given.get("hx-post") or self.address
            self.form = (given.get("method", "get").lower(), where, defaultdict(list))
            self.found.append(self.form)
        elif self.form and tag in {"input", "textarea", "select", "button"} and given.get("name"):
            self.keep(tag, given)
        elif self.form and tag == "option" and self.select and ("selected" in given or not self.form[2][self.select]):
            self.form[2][self.select] = [given.get("value", "")]

    def keep(self, tag: str, given: dict[str, str]) -> None:
        name, fields = given["name"], self.form[2]
        self.select = name if tag == "select" else self.select
        chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given or not fields[name]
        if tag in {"input", "button"} and chosen:
            fields[name] = [given.get("value", "on")]
        fields[name] = fields[name] or []

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.form = None if tag == "form" else self.form


def page_at(address: str) -> str | None:
    try:
        return resolve(re.sub(r"[?#].*", "", address)).url_name
    except Resolver404:
        return None


def forms_seen_by(visitor: Visitor, pages: list[str]) -> tuple[dict[str, Fields], dict[str, Fields]]:
    """Return by page what is sent to it by POST, and what its address may hold, in all forms this person is shown."""
    sent, asked = defaultdict(dict), defaultdict(dict)
    for page in pages:
        response = visitor.ask("get", page)
        if code(response) != "200" or not response["Content-Type"].startswith("text/html"):
            continue
        forms = Forms(response.wsgi_request.path)
        forms.feed(response.content.decode())
        for method, where, fields in forms.found:
            if name := page_at(where):
                kept = (sent if method == "post" else asked)[name]
                kept |= {key: values for key, values in fields.items() if key not in NEVER and key not in kept}
    return sent, asked
