"""The site as a browser meets it, served from a thread, and what the browser complains about."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.test.testcases import LiveServerThread
from playwright.sync_api import BrowserContext

REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sourceFile}) =>
  console.error(`Policy violated: ${violatedDirective} by ${blockedURI} in ${sourceFile}`))"""


@contextmanager
def serve() -> Iterator[str]:
    """Serve the site at the address it yields, static files included."""
    thread = LiveServerThread("localhost", static_handler=lambda application: application)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()


class Watch:
    """What browsers complain about: console errors, uncaught errors, policy violations, requests to other sites."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.start_again()

    def start_again(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda said: self.heard.append(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.heard.append(str(error.error)))
        context.on("request", lambda request: self.hear_request(request.url))

    def hear_request(self, url: str) -> None:
        if not url.startswith((f"{self.site}/", "data:", "blob:")):
            self.heard.append(f"Request to another site: {url}")

    def expect(self, *patterns: str) -> None:
        """Let complaints pass that match: a refused form answers 422, and the console says so."""
        self.expected.extend(patterns)

    @property
    def complaints(self) -> list[str]:
        return [words for words in self.heard if not any(re.search(pattern, words) for pattern in self.expected)]
