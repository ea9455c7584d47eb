from django.urls import include, path

urlpatterns = [
    path("", include("alliance_tracker.accounts.urls")),
    path("", include("clients.urls")),
    path("", include("ratings.urls")),
]
