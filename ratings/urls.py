from django.urls import path

from ratings.views import client, clients, episodes, follow_ups, rate, sessions, strain, supervision, today

urlpatterns = [
    path("", today.today, name="today"),
    path("clients/", clients.client_list, name="client_list"),
    path("clients/find/", clients.find_client, name="find_client"),
    path("clients/<uuid:pk>/", client.client, name="client"),
    path("clients/<uuid:pk>/ratings.csv", client.ratings_csv, name="ratings_csv"),
    path("clients/<uuid:pk>/end/", episodes.end_episode, name="end_episode"),
    path("clients/<uuid:pk>/reopen/", episodes.reopen_episode, name="reopen_episode"),
    path("sessions/new/", sessions.choose_client, name="choose_client"),
    path("sessions/<uuid:pk>/rate/", rate.rate, name="rate"),
    path("sessions/<uuid:pk>/draft/", rate.keep_typed, name="keep_typed"),
    path("sessions/<uuid:pk>/mark/", sessions.mark_session, name="mark_session"),
    path("sessions/<uuid:pk>/edit/", sessions.edit_session, name="edit_session"),
    path("sessions/<uuid:pk>/void/", sessions.void_session, name="void_session"),
    path("sessions/<uuid:pk>/rupture/", strain.mark_rupture, name="mark_rupture"),
    path("ruptures/<uuid:pk>/", strain.change_rupture, name="change_rupture"),
    path("signals/<uuid:pk>/seen/", strain.see_signal, name="see_signal"),
    path("signals/<uuid:pk>/not-right/", strain.reject_signal, name="reject_signal"),
    path("clients/<uuid:pk>/pause/", strain.pause_signals, name="pause_signals"),
    path("clients/<uuid:pk>/resume/", strain.resume_signals, name="resume_signals"),
    path("clients/<uuid:pk>/follow-ups/new/", follow_ups.new_follow_up, name="new_follow_up"),
    path("follow-ups/<uuid:pk>/done/", follow_ups.finish_follow_up, name="finish_follow_up"),
    path("follow-ups/<uuid:pk>/undo/", follow_ups.reopen_follow_up, name="reopen_follow_up"),
    path("supervision/", supervision.supervision, name="supervision"),
]
