"""The supervisor's page below the list: two figures, and the table by element."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from ratings.models import Rater
from tests.factories import ClientFactory, history, rate

pytestmark = pytest.mark.django_db
URL = "/supervision/"
HTMX = {"HX-Request": "true"}
SVG = "{http://www.w3.org/2000/svg}"
RED = [6, 5, 6, 6, 2]


@pytest.fixture
def fallen(robin):
    """Robin's ratings have fallen far below usual."""
    history(robin, RED)
    return robin


@pytest.fixture
def supervisor(as_user, sue):
    return as_user(sue)


class TestTheFigures:
    def drawings(self, page):
        found = re.findall(
            r'<svg xmlns="[^"]+" class="figure".*?</svg>(?=<div class="at-chart")', page.content.decode()
        )
        return [ET.fromstring(drawn) for drawn in found]  # noqa: S314 - the page's own

    def figure(self, page, key):
        return json.loads(page.content.decode().split(f'id="{key}">')[1].split("</script>")[0])

    @pytest.mark.usefixtures("fallen")
    def test_who_is_flagged_has_a_name_in_the_sentence_the_figure_and_the_table(self, supervisor, ada):
        history(ClientFactory(code="WELL", clinician=ada), [6, 6, 6, 6])
        page = supervisor.get(URL)
        figure = self.figure(page, "funnel-figure")
        assert [each["x"] for each in figure["data"] if each["name"] == "Below usual"] == [[5]]
        assert "R-1" in [note["text"] for note in figure["layout"]["annotations"]]
        text = page.content.decode()
        assert "1 of 2 clients is lower than usual" in text
        table = text.split('aria-label="Distance from usual table"')[1].split("</table>")[0]
        assert table.index("R-1") < table.index("WELL")

    def test_the_form_that_may_alarm_is_the_one_that_is_drawn(self, supervisor, robin):
        for session in history(robin, [5, 5, 5, 5, 5]):
            rate(session, 6, rater=Rater.CLIENT)
        (place,) = supervisor.get(URL).context["page"].places
        assert place.overall == 6

    def test_stages_count_the_clients_and_keep_the_median_until_there_are_five(self, supervisor, ada):
        for score in (4, 5, 5, 6):
            history(ClientFactory(clinician=ada), [score])
        text = supervisor.get(URL).content.decode()
        assert "Sessions 1 to 3: 4 clients, no median" in text
        history(ClientFactory(clinician=ada), [6])
        assert "Sessions 1 to 3: 5 clients, median 5.0" in supervisor.get(URL).content.decode()

    @pytest.mark.usefixtures("fallen")
    def test_the_server_draws_both_for_browsers_without_javascript_and_for_paper(self, supervisor):
        first, second = self.drawings(supervisor.get(URL))
        assert first.find(f"{SVG}title").text == "Distance from usual by rated sessions"
        assert "R-1" in [word.text for word in first.iter(f"{SVG}text")]
        assert second.find(f"{SVG}title").text == "Latest overall rating by stage of therapy"

    @pytest.mark.usefixtures("robin")
    def test_without_ratings_there_is_no_figure_and_no_script_for_one(self, supervisor):
        text = supervisor.get(URL).content.decode()
        assert "at-chart" not in text
        assert "plotly-basic" not in text


def test_the_heat_table_begins_with_twelve_and_shows_all_when_asked(supervisor, ada):
    for number in range(14):
        history(ClientFactory(code=f"H-{number:02}", clinician=ada), [5])
    page = supervisor.get(URL)
    assert len(page.context["heat"]) == 12
    assert "Show all 14" in page.content.decode()
    page = supervisor.get(f"{URL}?all=1")
    assert len(page.context["heat"]) == 14
    assert "Show all" not in page.content.decode()
