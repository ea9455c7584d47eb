"""Whether the tests notice a forgotten authorisation check: each is planted in turn in a copy of the source."""
