from django.urls import path

from clients.views import clients

urlpatterns = [
    path("clients/new/", clients.new_client, name="new_client"),
    path("clients/<uuid:pk>/edit/", clients.edit_client, name="edit_client"),
    path("clients/<uuid:pk>/pattern/", clients.edit_pattern, name="edit_pattern"),
    path("clients/<uuid:pk>/new-episode/", clients.new_episode, name="new_episode"),
    path("clients/<uuid:pk>/sessions/new/", clients.new_session, name="new_session"),
]
