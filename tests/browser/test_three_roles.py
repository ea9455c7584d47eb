"""What one person does reaches the next: clinician, supervisor, admin, a new colleague."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from alliance_tracker.accounts.models import Invitation
from clients.models import Client
from tests.browser.steps import chart_points
from tests.factories import PASSWORD, history

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


def test_the_supervisor_finds_the_rating_just_saved(open_browser, ada, sue, robin):
    sessions = history(robin, [5, 5, None])
    clinician = open_browser(ada)
    clinician.goto(reverse("rate", args=[sessions[-1].pk]))
    clinician.keyboard.type("2222222")
    clinician.keyboard.press("Enter")
    clinician.wait_for_url("**/clients/**")
    supervisor = open_browser(sue)
    supervisor.goto("/")
    row = supervisor.get_by_role("region", name="Clients by element").get_by_role("row", name="Robin A.")
    expect(row.get_by_role("cell", name="2.0").first).to_be_visible()
    expect(row).to_contain_text("below usual")
    row.get_by_role("link", name="Robin A.").click()
    assert chart_points(supervisor, "Overall") == [5, 5, 2]
    expect(supervisor.get_by_role("link", name="Rate")).to_have_count(0)
    expect(supervisor.get_by_text("Manage")).to_have_count(0)


def test_an_invited_colleague_takes_over_a_caseload(open_browser, adam, ada, robin):
    admin = open_browser(adam)
    admin.goto("/")
    admin.get_by_role("link", name="Invite someone").click()
    admin.get_by_label("Name", exact=True).fill("Nora Quist")
    admin.get_by_label("Work e-mail").fill("nora@example.org")
    admin.get_by_role("button", name="Invite").click()
    link = admin.get_by_label("Link", exact=True).input_value()
    assert link.endswith("/")

    colleague = open_browser()
    colleague.goto(link)
    expect(colleague.get_by_label("Work e-mail")).to_have_value("nora@example.org")
    colleague.get_by_label("Password", exact=True).fill(PASSWORD)
    colleague.get_by_label("Password again", exact=True).fill(PASSWORD)
    colleague.get_by_role("button", name="Make account and sign in").click()
    expect(colleague.get_by_role("heading", name="No clients yet")).to_be_visible()
    assert Invitation.objects.get().accepted_at

    admin.goto("/people/")
    admin.get_by_role("link", name="Ada Osei", exact=True).click()
    admin.get_by_role("link", name="Hand on").click()
    admin.get_by_label("New clinician for R-1").select_option("Nora Quist")
    admin.get_by_role("button", name="Hand on", exact=True).click()
    expect(admin.get_by_role("status")).to_contain_text("Clients of Ada Osei handed on: 1.")
    expect(admin.locator("body")).not_to_contain_text("Robin")

    colleague.reload()
    colleague.get_by_role("link", name="Robin A.").click()
    expect(colleague.get_by_role("heading", level=1)).to_contain_text("Robin A.")


def test_an_invitation_works_once(open_browser, watch, adam):
    watch.expect("status of 404")
    admin = open_browser(adam)
    admin.goto("/people/invite/")
    admin.get_by_label("Name", exact=True).fill("Nora Quist")
    admin.get_by_label("Work e-mail").fill("nora@example.org")
    admin.get_by_role("button", name="Invite").click()
    link = admin.get_by_label("Link", exact=True).input_value()
    admin.reload()
    expect(admin.get_by_role("heading", name="People")).to_be_visible()
    first, second = open_browser(), open_browser()
    for page in (first, second):
        page.goto(link)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Make account and sign in").click()
    expect(first.get_by_role("heading", name="No clients yet")).to_be_visible()
    expect(second.get_by_role("heading", name="This invitation does not work")).to_be_visible()


def test_a_new_clinician_adds_a_client_and_rates(open_browser, stella):
    page = open_browser(stella)
    page.goto("/")
    page.get_by_role("link", name="Add a client").click()
    page.get_by_label("Client code").fill("N-77")
    page.get_by_label("First session").fill(f"{timezone.localdate() - timedelta(days=20)}")
    page.get_by_label("Time", exact=True).fill("10:00")
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("N-77")
    assert Client.objects.visible_to(stella).get().code == "N-77"
    page.get_by_role("link", name="Rate").first.click()
    page.keyboard.type("5555555")
    page.keyboard.press("Enter")
    assert chart_points(page, "Overall")[0] == 5
