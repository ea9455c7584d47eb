"""Blind: a client's answer that is still closed changes nothing of a supervisor's pages but that it is there."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from ratings.models import Rater
from ratings.supervision.meeting_actions import prepare_meeting
from tests.factories import history, rate

pytestmark = pytest.mark.django_db
MAY_DIFFER = r'name="csrfmiddlewaretoken" value="\w+"|<td data-l="(?:Client asked|Answered when asked)">.*?</td>'


@pytest.mark.parametrize("answer", [1, 7])
def test_a_closed_answer_changes_no_page_of_supervision(monday, as_user, robin, sue, answer):
    supervisor = as_user(sue)
    *earlier, session = history(robin, [6, 6, 6, 6, None])
    for each in earlier:
        rate(each, 6, rater=Rater.CLIENT)
    meeting = prepare_meeting(held_on=timezone.localdate(), by=sue)
    addresses = [
        *("/supervision/", "/supervision/?rater=client"),
        *(reverse("assign_follow_up", args=[robin.pk]), reverse("meeting", args=[meeting.pk])),
    ]

    def looks() -> list[str]:
        pages = [supervisor.get(address).content.decode() for address in addresses]
        return [re.sub(MAY_DIFFER, "", page) for page in pages]

    before = looks()
    rate(session, answer, rater=Rater.CLIENT, strain="clear", strain_discussed="no", note="Canary")
    assert looks() == before
    assert [case.reason for case in prepare_meeting(held_on=timezone.localdate(), by=sue).items.all()] == [
        case.reason for case in meeting.items.all()
    ]
    rate(session, 6)
    assert all(now != then for now, then in zip(looks()[:2], before[:2], strict=True))
