from django.urls import include, path

handler500 = "alliance_tracker.errors.server_error"
urlpatterns = [
    path("", include("alliance_tracker.accounts.urls")),
    path("", include("clients.urls")),
    path("", include("ratings.urls")),
]
