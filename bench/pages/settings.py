"""The service's settings with one more page, the empty one, and without what only a real service needs."""

from alliance_tracker.settings import *  # noqa: F403

ROOT_URLCONF = "bench.pages.urls"
DEMO = True
REQUIRE_SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
