"""The tool finds enough places for a forgotten check, and what it plants is a program that can run."""

import ast
from pathlib import Path

import pytest

from bench.mutants.__main__ import is_asked, verdict
from bench.mutants.copies import Outcome
from bench.mutants.explained import EXPLAINED
from bench.mutants.operators import OF_RULES, OF_VIEWS, Mutant, Source, mutants_of
from bench.mutants.planted import all_mutants, pages_of, should_notice

ROOT = Path(__file__).resolve().parents[2]
VIEW = """
@for_roles("admin")
@require_POST
@recently_signed_in
def erase(request, pk):
    return Client.objects.editable_by(request.user)
"""
RULE = """
def held_by(self, user: User | None) -> Self:
    if not user.is_active:
        return self.none()
    return self.filter(clinician=user, ended=None) if user.is_active and user.is_clinician else self.none()
"""


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return all_mutants(ROOT)


def planted(tmp_path: Path, text: str, operators: list) -> dict[str, str]:
    tmp_path.joinpath("some.py").write_text(text)
    source = Source(tmp_path, "some.py")
    return {mutant.kind: mutant.applied(source.data).decode() for mutant in mutants_of(source, operators)}


def compiles(mutant: Mutant) -> bool:
    """Whether the edited file is still valid Python."""
    try:
        ast.parse(mutant.applied(ROOT.joinpath(mutant.path).read_bytes()))
    except SyntaxError:
        return False
    return True


def test_each_can_run_and_none_is_planted_twice(mutants):
    assert [mutant.name for mutant in mutants if not compiles(mutant)] == []
    assert len({mutant.key for mutant in mutants}) == len(mutants)


def test_some_are_asked_for_by_words_of_their_names(mutants):
    one, other = mutants[0], mutants[-1]
    assert is_asked(one, None)
    assert is_asked(one, ["nowhere", one.key])
    assert is_asked(one, [one.name])
    assert not is_asked(one, [other.key])


def test_each_has_tests_that_exist(mutants):
    for mutant in mutants[::20]:
        named = [name for name in should_notice(ROOT, mutant) if not name.startswith("--")]
        assert named
        assert all(ROOT.joinpath(name).exists() for name in named)


def test_a_view_forgets_its_guards_one_at_a_time(tmp_path):
    found = planted(tmp_path, VIEW, OF_VIEWS)
    assert "for_roles(" not in found["no for_roles"]
    assert '@for_roles("admin", "clinician")' in found["for_roles lets clinicians in"]
    assert "@require_POST" not in found["no require_POST"]
    assert "@recently_signed_in" not in found["no recently_signed_in"]
    assert "Client.objects.all()" in found["Client.objects.editable_by shows all"]
    assert "responsible_for(request.user)" in found["Client.objects.editable_by becomes responsible_for"]


def test_a_rule_forgets_its_conditions_one_at_a_time(tmp_path):
    found = planted(tmp_path, RULE, OF_RULES)
    assert "self.filter(ended=None)" in found["filter without clinician=user"]
    assert "if (user.is_clinician) else" in found["without user.is_active"]
    assert "if False:" in found["no check if not user.is_active"]
    assert not any("User |" in kind for kind in found)


def test_pages_are_found_by_their_view(mutants):
    one = next(mutant for mutant in mutants if mutant.function == "client_report_pdf")
    assert pages_of(ROOT, one) == ["client_report_pdf"]


def test_what_is_explained_is_there_and_says_why(mutants):
    assert set(EXPLAINED) <= {mutant.key for mutant in mutants}
    assert all(len(why) > 20 for why in EXPLAINED.values())
    assert verdict(mutants[0], Outcome("tests/some.py::test")) == "tests/some.py::test"
