"""Every named constraint of the database refuses what its name says, on both engines."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from alliance_tracker.accounts.models import Invitation, ServiceSettings, Supervision, User
from alliance_tracker.audit.models import AuditEvent, Permit
from clients.models import Assignment, Client, EmergencyAccess, Episode, TherapySession
from ratings.elements import ITEM_KEYS
from ratings.models import (
    AgendaItem,
    ClientLink,
    FollowUp,
    LegalHold,
    Meeting,
    PriorVersion,
    Rating,
    RatingDraft,
    RatingVersion,
    RuleCheck,
    Rupture,
    Signal,
    SignalPause,
    SignalReview,
)
from ratings.saving.actions import log_rating
from ratings.standing.rule_check import check_rule
from tests.factories import EmergencyAccessFactory, SessionFactory, answers, make_link

pytestmark = pytest.mark.django_db
KEY = uuid7()
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=200)


@pytest.fixture(autouse=True)
def one_of_each(sue, yesterday, service):
    log_rating(yesterday, answers(), rater="clinician", by=yesterday.clinician, key=KEY)
    RatingDraft.objects.create(session=yesterday, user=yesterday.clinician, answers="{}")
    here = {"episode": yesterday.episode, "session": yesterday}
    Rupture.objects.create(**here, form="clinician", source="by-hand", level=5, scale=1)
    check_rule(NOW)
    Signal.objects.create(**here, rule="gap", rule_version=1, finding={}, opened_at=NOW)
    SignalPause.objects.create(episode=yesterday.episode, reason="Leave", paused_by=yesterday.clinician)
    make_link(yesterday)
    PriorVersion.objects.create(form="client", since=NOW.date(), m0=5, tau=1, sigma=1, n=100)
    Invitation.objects.create(email="new@example.org", token_hash="1", expires_at=NOW)
    SignalReview.objects.create(signal=Signal.objects.get(), by=sue)
    FollowUp.objects.create(episode=yesterday.episode, what="Call", due_on=NOW.date(), made_by=sue)
    meeting = Meeting.objects.create(supervisor=sue, held_on=NOW.date())
    AgendaItem.objects.create(meeting=meeting, episode=yesterday.episode, place=1, reason="Worst first")
    EmergencyAccessFactory(client=yesterday.episode.client)
    LegalHold.objects.create(client=yesterday.episode.client, reason="A complaint", held_by=sue)


def change(model: type[models.Model], **values):
    return lambda: model.objects.update(**values)


def copy(model: type[models.Model], **values):
    """Return what writes a row like the one there is, but for these values."""

    def write() -> None:
        row = model.objects.get()
        row._state.adding = True
        for name, value in ({"pk": uuid7()} | values).items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return write


def supervise_oneself() -> None:
    Supervision.objects.update(supervisor=Supervision.objects.get().clinician)


def permit_twice() -> None:
    for _ in range(2):
        Permit.objects.create(row_id=KEY, verb="erase")


def review_oneself() -> None:
    access = EmergencyAccess.objects.get()
    reviewed = {"reviewed_at": NOW, "verdict": "justified", "remark": "I was right to look."}
    EmergencyAccess.objects.update(reviewed_by=access.user, **reviewed)


def review_without_a_verdict() -> None:
    EmergencyAccess.objects.update(reviewed_at=NOW, reviewed_by=User.objects.get(name="Sue Brandt"), remark="Right.")


def observe_twice() -> None:
    for rating_id in (uuid7(), uuid7()):
        copy_of_rating = Rating.objects.first()
        copy_of_rating.pk, copy_of_rating.rater, copy_of_rating.idempotency_key = rating_id, "observer", None
        copy_of_rating.save(force_insert=True)


def another_session() -> TherapySession:
    return SessionFactory(client=Client.objects.get())


def rate_another_session_with_the_same_key() -> None:
    copy(Rating, session=another_session())()


def open_another_rupture() -> None:
    copy(Rupture, session=another_session())()


def open_another_signal() -> None:
    copy(Signal, session=another_session())()


VIOLATIONS = {
    "user_email_is_lower_case": change(User, email="Ada@example.org"),
    "user_is_active_or_has_deactivation_date": change(User, is_active=False),
    "user_digest_weekday_is_a_day": change(User, digest_weekday=7),
    "supervision_starts_before_it_ends": change(Supervision, ends_at=LONG_AGO),
    "supervision_of_someone_else": supervise_oneself,
    "supervision_open_once_per_pair": copy(Supervision),
    "invitation_pending_once_per_email": copy(Invitation, token_hash="2"),
    "service_settings_is_one_row": copy(ServiceSettings, pk=2),
    "service_link_days_are_few": change(ServiceSettings, link_days=0),
    "service_keeps_records_for_years": change(ServiceSettings, keep_years=0),
    "permit_once_per_row_and_verb": permit_twice,
    "audit_action_is_noun_dot_past_tense": lambda: AuditEvent.objects.create(action="Looked at a client"),
    "client_code_unique_in_any_case": copy(Client, code="r-1", external_key=None),
    "legal_hold_unlifted_once_per_client": copy(LegalHold),
    "episode_open_once_per_client": copy(Episode),
    "episode_ends_after_it_starts": change(Episode, ended_on=LONG_AGO.date(), ending="planned"),
    "episode_ends_with_an_ending": change(Episode, ended_on=NOW.date()),
    "episode_weekly_pattern_is_whole": change(Episode, weekday=0),
    "episode_asks_regularly": change(Episode, ask_every=0),
    "assignment_open_once_per_episode": copy(Assignment),
    "assignment_starts_before_it_ends": change(Assignment, ends_at=LONG_AGO),
    "emergency_access_opens_before_it_expires": change(EmergencyAccess, expires_at=LONG_AGO),
    "emergency_access_has_a_reason": change(EmergencyAccess, reason=""),
    "emergency_access_reviewed_by_someone_else": review_oneself,
    "session_once_per_start": copy(TherapySession),
    "session_attendance_is_known": change(TherapySession, attendance="late"),
    "session_voided_with_a_reason": change(TherapySession, voided_at=NOW),
    **{f"rating_{key}_on_scale": change(Rating, **{key: 8}) for key in ITEM_KEYS},
    "rating_answers_at_least_one_item": change(Rating, **dict.fromkeys(ITEM_KEYS)),
    "rating_rater_is_known": change(Rating, rater="family"),
    "rating_author_is_staff_and_client_rating_opens": change(Rating, author=None),
    "rating_once_per_session_and_rater": copy(Rating, idempotency_key=None),
    "rating_once_per_observer": observe_twice,
    "rating_once_per_key": rate_another_session_with_the_same_key,
    "draft_once_per_session_and_user": copy(RatingDraft),
    "link_expires_later": change(ClientLink, expires_at=LONG_AGO),
    "link_ends_one_way": change(ClientLink, used_at=NOW, declined_at=NOW),
    "rupture_open_once_per_episode": open_another_rupture,
    "rupture_opened_once_per_session": copy(Rupture, state="ended", closed_at=NOW),
    "rupture_is_open_or_closed_at": change(Rupture, closed_at=NOW),
    "rupture_outcome_says_who_and_when": change(Rupture, outcome="strain"),
    "rule_check_is_one_row": change(RuleCheck, id=2),
    "signal_open_once_per_episode_and_rule": open_another_signal,
    "signal_once_per_session_and_rule": copy(Signal, closed_at=NOW),
    "pause_open_once_per_episode": copy(SignalPause),
    "prior_once_per_form_and_day": copy(PriorVersion),
    "review_once_per_signal_and_person": copy(SignalReview),
    "follow_up_is_done_by_someone": change(FollowUp, done_at=NOW),
    "agenda_item_once_per_meeting_and_episode": copy(AgendaItem),
    "agenda_item_pinned_or_dropped": change(AgendaItem, pinned=True, dropped=True),
    "agenda_item_decided_at_a_moment": change(AgendaItem, decision="try"),
    "agenda_item_reviewed_on_a_date": change(AgendaItem, decision="review", decided_at=NOW),
    "version_once_per_rating": copy(RatingVersion, idempotency_key=None),
    "version_once_per_key": copy(RatingVersion, version=2),
}


def test_every_constraint_is_tried_here():
    labels = ("accounts", "audit", "clients", "ratings")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    assert {constraint.name for model in models for constraint in model._meta.constraints} == set(VIOLATIONS)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_constraint_refuses_what_its_name_says(name):
    with pytest.raises(IntegrityError, match=rf"{name}|UNIQUE constraint failed"), transaction.atomic():
        VIOLATIONS[name]()


def test_a_review_is_whole():
    with pytest.raises(IntegrityError), transaction.atomic():
        review_without_a_verdict()


@pytest.mark.parametrize("score", [0, -1, 8, 100])
def test_a_score_off_the_scale_is_never_stored(score):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.update(goals=score)


@pytest.mark.parametrize(
    "allowed",
    [
        change(Rating, goals=None),
        change(Episode, ended_on=NOW.date(), ending="other"),
        change(TherapySession, voided_at=NOW, voided_reason="Wrong client"),
        change(Supervision, ends_at=NOW),
        change(Episode, ask_every=12),
        change(ClientLink, declined_at=NOW, withdrawn_at=NOW),
        copy(Supervision, ends_at=NOW),
        copy(Assignment, ends_at=NOW),
        copy(TherapySession, voided_at=NOW, voided_reason="Twice"),
        copy(Invitation, token_hash="2", withdrawn_at=NOW),
        copy(Rating, rater="observer", idempotency_key=None),
        copy(Signal, rule="erosion"),
        copy(SignalPause, resumed_at=NOW),
        copy(PriorVersion, form="clinician"),
        copy(FollowUp),
        copy(LegalHold, lifted_at=NOW),
        change(ServiceSettings, keep_years=1, keep_years_after_death=100),
        change(AgendaItem, decision="review", review_on=NOW.date(), decided_at=NOW),
    ],
)
def test_what_is_right_beside_it_is_stored(allowed):
    allowed()
