"""Properties hold at any speed: a busy machine fails no test."""

from hypothesis import settings

settings.register_profile("any speed", deadline=None)
settings.load_profile("any speed")
