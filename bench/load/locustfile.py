"""The requests of clinicians and supervisors, for locust. BENCH_PLAN names the file with people and addresses."""

import json
import os
import re
from itertools import cycle
from pathlib import Path
from time import sleep, time

from locust import HttpUser, between, events, task
from locust.exception import StopUser

PLAN = json.loads(Path(os.environ["BENCH_PLAN"]).read_text())
CLINICIANS, SUPERVISORS = cycle(PLAN["clinicians"]), cycle(PLAN["supervisors"] or [None])
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|idempotency_key|version)" value="([^"]*)"')
SCORES = cycle("56456545")
AT_ONCE = 3  # seconds after the last person has been started
start = {"at": float("inf")}


@events.spawning_complete.add_listener
def all_are_there(**_: object) -> None:
    """Set the moment at which everybody saves, once all have been started."""
    start["at"] = time() + AT_ONCE


class Person(HttpUser):
    abstract = True

    def sign_in(self, who: dict[str, str]) -> None:
        self.who = who
        self.client.cookies.set(PLAN["cookie"], who["cookie"])

    def open_form(self) -> dict[str, str]:
        """Open the rating form, and return its fields filled in: the same score for each item."""
        page = self.client.get(self.who["rate"], name="The rating form").text
        return dict.fromkeys(PLAN["items"], next(SCORES)) | dict(HIDDEN.findall(page))

    def save(self, sent: dict[str, str]) -> None:
        headers = {"Referer": self.host + self.who["rate"]}
        with self.client.post(
            self.who["rate"], sent, headers=headers, name="Saving", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 302:
                answer.failure(f"{answer.status_code}")


class Clinician(Person):
    weight = 0 if PLAN["at_once"] else 4
    wait_time = between(0, 0)

    def on_start(self) -> None:
        self.sign_in(next(CLINICIANS))

    @task(3)
    def today(self) -> None:
        self.client.get("/", name="Today")

    @task(3)
    def one_client(self) -> None:
        self.client.get(self.who["client"], name="A client")

    @task(1)
    def rate(self) -> None:
        self.save(self.open_form())


class Supervisor(Person):
    weight = 0 if PLAN["at_once"] else 1
    wait_time = between(0, 0)

    def on_start(self) -> None:
        self.sign_in(next(SUPERVISORS))

    @task
    def supervision(self) -> None:
        self.client.get("/supervision/", name="Supervision")


class AllAtOnce(Person):
    """A clinician who opens a form, waits for all the others, and sends it twice."""

    weight = 1 if PLAN["at_once"] else 0
    wait_time = between(0, 0)

    def on_start(self) -> None:
        self.sign_in(next(CLINICIANS))

    @task
    def save_with_everybody(self) -> None:
        sent = self.open_form()
        while time() < start["at"]:
            sleep(0.01)
        self.client.close()  # the server closes idle connections; a browser then opens another one by itself
        self.save(sent)
        self.save(sent)
        raise StopUser
