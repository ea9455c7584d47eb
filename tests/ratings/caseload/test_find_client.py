import pytest

from tests.doors import check_doors_of_role
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
URL = "/clients/find/"


@pytest.fixture(autouse=True)
def clients(ada, ben, robin):
    ClientFactory(code="R-2", name="Zoë Å.", clinician=ada)
    ClientFactory(code="B-1", name="Robin of Ben", clinician=ben)


def found(browser, sought):
    response = browser.post(URL, {"q": sought})
    return response.url if response.status_code == 302 else [row.client.code for row in response.context["rows"]]


def test_doors(ada, sue, adam):
    check_doors_of_role("find_client", opens_to=[ada, sue], not_to=[adam], methods="post")


@pytest.mark.parametrize("sought", ["robin", "ROBIN A", "bin", "r-1", " R-1 "])
def test_one_match_opens_the_client(as_user, ada, robin, sought):
    assert found(as_user(ada), sought) == f"/clients/{robin.pk}/"


def test_several_matches_are_listed(as_user, ada):
    assert found(as_user(ada), "R-") == ["R-1", "R-2"]


@pytest.mark.parametrize("sought", ["ZOË", "zoë å", "å."])
def test_letters_beyond_the_alphabet_are_found_in_any_case(as_user, ada, sought):
    assert "/clients/" in found(as_user(ada), sought)


@pytest.mark.parametrize("sought", ["", "   ", "of Ben", "B-1", "%", "_", "\x00", "x" * 5000, "'; DROP TABLE"])
def test_what_one_may_not_see_or_does_not_exist_is_not_found(as_user, ada, sought):
    assert found(as_user(ada), sought) == []


def test_nothing_sought_finds_nothing(as_user, ada):
    assert as_user(ada).post(URL).context["rows"] == []


def test_a_supervisor_finds_supervisees_clients(as_user, sue, robin):
    assert found(as_user(sue), "robin") == f"/clients/{robin.pk}/"
