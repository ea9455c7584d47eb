from django.urls import path

from clients.views import audit, clients, emergency, people

urlpatterns = [
    path("clients/new/", clients.new_client, name="new_client"),
    path("clients/<uuid:pk>/edit/", clients.edit_client, name="edit_client"),
    path("clients/<uuid:pk>/pattern/", clients.edit_pattern, name="edit_pattern"),
    path("clients/<uuid:pk>/new-episode/", clients.new_episode, name="new_episode"),
    path("clients/<uuid:pk>/sessions/new/", clients.new_session, name="new_session"),
    path("audit/", audit.audit_trail, name="audit_trail"),
    path("clients/emergency/", emergency.emergency_access, name="emergency_access"),
    path("supervision/emergency/<uuid:pk>/", emergency.review_emergency_access, name="review_emergency_access"),
    path("people/<uuid:pk>/deactivate/", people.deactivate_person, name="deactivate_person"),
    path("people/<uuid:pk>/hand-on/", people.hand_on_caseload, name="hand_on_caseload"),
    path("people/clients/", people.client_codes, name="client_codes"),
    path("people/clients/new/", people.new_client_code, name="new_client_code"),
    path("people/clients/<uuid:pk>/hand-on/", people.hand_on_client, name="hand_on_client"),
]
