"""The house rules of docs/architecture.md, read from the source."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent
APPS = ("alliance_tracker", "clients", "ratings")
FILES = [path for app in APPS for path in ROOT.joinpath(app).rglob("*.py")]
SOURCES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}
CODE = {name: ast.parse(path.read_text()) for name, path in SOURCES.items() if ".migrations." not in name}
VIEWS = [name for name in CODE if ".views." in name]

APP_ORDER = ("alliance_tracker.audit", "alliance_tracker.accounts", "clients", "ratings")
PACKAGE_ORDER = (  # inside ratings, from the ground up; packages of one floor do not know each other
    ("elements",),
    ("analysis",),
    ("figures", "models"),
    ("standing",),
    ("saving", "strains"),
    ("asking",),
    ("caseload",),
    ("reports", "supervision"),
    ("demo", "privacy"),
    ("management", "urls"),
)
PURE = ("ratings.elements", "ratings.analysis", "ratings.figures")
FROM_THE_USER = {
    *("visible_to", "responsible_for", "editable_by", "supervised_by", "kept_by", "for_episode"),
    *("correctable_by", "owned_by"),
}
QUERIES = {"filter", "exclude", "raw"}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "delete", "save"}
SECOND_PAGES = {
    *("existing_rating", "found_clients", "no_invitation"),
    *("answer_closed", "answer_stopped", "answer_later"),
}
MIGRATION = re.compile(r"\d{4}_(create|make|add|drop|rename|move|fill|pin|keep|index)_[a-z_]+")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def layer(module: str) -> int:
    """Return the module's layer; -1 for the site's own modules, which every app may use."""
    return next((place for place, name in enumerate(APP_ORDER) if is_in(module, name)), -1)


def package(module: str) -> str:
    """Return the part of `ratings` that a module lies in."""
    return module.split(".")[1]


def floor(name: str) -> int:
    """Return how high a package of `ratings` stands."""
    return next(place for place, names in enumerate(PACKAGE_ORDER) if name in names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def length(node: ast.FunctionDef | ast.ClassDef) -> int:
    return node.end_lineno - node.lineno + 1


def managers(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield `Model` and `method` for each `Model.objects.method`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=model), attr="objects"), attr=method):
                yield model, method


def patterns(resolver=None) -> Iterator[URLPattern]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from patterns(each)


def is_pure(module: str) -> bool:
    return any(is_in(module, package) for package in PURE)


@pytest.mark.parametrize("module", CODE)
def test_imports_go_one_way(module):
    upward = [name for name in imports(CODE[module]) if layer(name) > layer(module)]
    assert upward == []


@pytest.mark.parametrize("module", [name for name in CODE if name.startswith("ratings.") and name != "ratings.apps"])
def test_imports_inside_ratings_go_down(module):
    """Each package may know its own modules and the packages of lower floors."""
    own = package(module)
    taken = {package(name) for name in imports(CODE[module]) if name.startswith("ratings.")}
    assert {name for name in taken if name != own and floor(name) >= floor(own)} == set()


@pytest.mark.parametrize("module", [name for name in CODE if is_pure(name)])
def test_the_core_knows_the_standard_library_and_itself_only(module):
    known = sys.stdlib_module_names
    foreign = [n for n in imports(CODE[module]) if n.split(".")[0] not in known and not is_pure(n.rpartition(".")[0])]
    assert foreign == []


@pytest.mark.parametrize("module", CODE)
def test_only_addresses_and_views_know_views(module):
    knows = any(".views." in name and not name.startswith("django.") for name in imports(CODE[module]))
    assert not knows or module.endswith(".urls") or module in VIEWS


def may_query(module: str) -> bool:
    """Whether a module may start a query by itself: not views, forms, access to pages, drawing or the pure core."""
    site = is_in(module, "alliance_tracker")
    shows = ".views." in module or ".forms" in module or module.endswith((".client_pages", ".cells", ".middleware"))
    return not (site or shows or is_pure(module))


@pytest.mark.parametrize("module", [name for name in CODE if not may_query(name)])
def test_clinical_records_are_reached_from_the_user(module):
    clinical = {model.__name__ for app in ("clients", "ratings") for model in apps.get_app_config(app).get_models()}
    reached = [(model, method) for model, method in managers(CODE[module]) if model in clinical]
    assert [each for each in reached if each[1] not in FROM_THE_USER] == []


@pytest.mark.parametrize("module", VIEWS)
def test_a_view_holds_no_query_and_writes_nothing(module):
    calls = [node.func for node in ast.walk(CODE[module]) if isinstance(node, ast.Call)]
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert methods & (QUERIES | WRITES) == set()


@pytest.mark.parametrize("module", VIEWS)
def test_a_view_is_a_short_function(module):
    assert [node.name for node in functions(CODE[module]) if length(node) > 25] == []
    assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(CODE[module]))
    assert not any(name.startswith("django.views.generic") for name in imports(CODE[module]))


def writing(module: str) -> dict[str, bool]:
    """Return the functions of a module that write to the database, by themselves or by another of that module.

    With each: whether it is one transaction.
    """
    known = {node.name: node for node in functions(CODE[module])}

    def writes(name: str, seen: frozenset[str] = frozenset()) -> bool:
        calls = [node.func for node in ast.walk(known[name]) if isinstance(node, ast.Call)]
        direct = {call.attr for call in calls if isinstance(call, ast.Attribute)} & WRITES
        called = {call.id for call in calls if isinstance(call, ast.Name)} & set(known) - seen - {name}
        return bool(direct) or any(writes(other, seen | {name}) for other in called)

    return {name: "transaction.atomic" in ast.unparse(node) for name, node in known.items() if writes(name)}


def called_elsewhere(view: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield module and function for each function of another module that a view names."""
    modules = {name.rpartition(".")[2]: name for name in imports(view) if name in CODE}
    for name in imports(view):
        module, _, function = name.rpartition(".")
        if module in CODE:
            yield module, function
    for node in ast.walk(view):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=function) if name in modules:
                yield modules[name], function


@pytest.mark.parametrize("module", VIEWS)
def test_a_view_writes_by_actions_that_are_one_transaction(module):
    """A view may also record one audit event by itself: that is a single row."""
    named = [
        (name, function)
        for name, function in called_elsewhere(CODE[module])
        if ".views." not in name and function != "record"
    ]
    assert [f"{name}.{function}" for name, function in named if writing(name).get(function) is False] == []


@pytest.mark.parametrize("module", CODE)
def test_functions_are_short_and_nothing_hides_in_save_or_signals(module):
    assert [node.name for node in functions(CODE[module]) if length(node) > 40] == []
    for node in ast.walk(CODE[module]):
        if isinstance(node, ast.ClassDef):
            assert "save" not in {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    assert not any(re.match(r"django\.(dispatch|db\.models\.signals)", name) for name in imports(CODE[module]))


@pytest.mark.parametrize("module", CODE)
def test_no_class_is_long(module):
    classes = [node for node in ast.walk(CODE[module]) if isinstance(node, ast.ClassDef)]
    assert [node.name for node in classes if length(node) > 150] == []


def test_no_file_is_long():
    kinds = {".py", ".html", ".css", ".js", ".txt"}
    folders = [ROOT / name for name in (*APPS, "templates", "static", "tests", "tools")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    long = [path for path in files if len(path.read_text().splitlines()) > 300]
    assert [path for path in long if "vendor" not in path.parts and "migrations" not in path.parts] == []


def test_no_file_has_a_name_that_says_nothing():
    empty = {"core", "common", "utils", "util", "helpers", "services", "selectors", "managers", "signals", "misc"}
    names = {part.removesuffix(".py") for path in SOURCES.values() for part in path.relative_to(ROOT).parts}
    assert names & empty == set()


def test_a_migration_is_named_for_what_it_does():
    names = [name.rpartition(".")[2] for name in SOURCES if ".migrations." in name and not name.endswith("__init__")]
    assert [name for name in names if not MIGRATION.fullmatch(name)] == []


def test_a_page_has_one_name_for_its_address_and_its_view():
    own = [each for each in patterns() if not each.name.startswith(("account_", "mfa_"))]
    assert [(each.name, each.callback.__name__) for each in own if each.name != each.callback.__name__] == []


def test_a_template_of_a_page_is_named_for_its_address():
    names = {each.name for each in patterns()}
    folders = [ROOT / "templates" / app for app in ("accounts", "clients", "ratings")]
    pages = [path for folder in folders for path in folder.rglob("*.html") if path.parent.name != "parts"]
    named = {path.stem for path in pages if path.read_text().startswith("{% extends")}
    assert named - names - SECOND_PAGES == set()


def test_no_template_tag_reaches_the_database():
    libraries = [tree for tree in CODE.values() if "template.Library()" in ast.unparse(tree)]
    assert libraries
    for tags in libraries:
        assert not any(name.startswith("django.db") for name in imports(tags))
        assert list(managers(tags)) == []


def test_no_form_takes_every_field_of_a_model():
    assert [name for name, tree in CODE.items() if "ModelForm" in ast.unparse(tree)] == []
