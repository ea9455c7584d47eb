"""The addresses of the service, and one page that shows the frame of every page and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from alliance_tracker.urls import handler500
from alliance_tracker.urls import urlpatterns as pages

__all__ = ["handler500", "urlpatterns"]


@require_safe
def empty(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "base.html", {"nav": "today"})


urlpatterns = [path("empty/", empty, name="empty"), path("", include(pages))]
