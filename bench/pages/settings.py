"""The settings of the service with one page more, the empty one.

The demo is allowed, no second factor is asked for, and passwords are hashed quickly.
"""

from alliance_tracker.settings import *  # noqa: F403

ROOT_URLCONF = "bench.pages.urls"
DEMO = True
REQUIRE_SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
