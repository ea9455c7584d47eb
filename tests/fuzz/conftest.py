import pytest


@pytest.fixture(autouse=True)
def reads_first(settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.fuzz.sending.read_first"]
