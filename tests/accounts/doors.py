"""Who gets through the door of a page: the same questions for every page of admins."""

from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7


def signed_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def check_doors(name, pk=None, *, admin, others, shows=True, sends=True) -> None:
    """Anonymous people sign in, other roles get 403, unknown ids 404, other methods 405."""
    url = reverse(name, args=[pk] if pk else [])
    method = "get" if shows else "post"
    back = f"?next={url}" if shows else ""
    assert getattr(Browser(), method)(url).url == f"/accounts/login/{back}"
    for other in others:
        assert getattr(signed_in(other), method)(url).status_code == 403, other.name
    if pk:
        assert getattr(signed_in(admin), method)(reverse(name, args=[uuid7()])).status_code == 404
    refused = {"put", "patch", "delete", "options", "trace"}
    refused |= set() if shows else {"get", "head"}
    refused |= set() if sends else {"post"}
    for each in refused:
        assert getattr(signed_in(admin), each)(url).status_code == 405, each
