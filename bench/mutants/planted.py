"""Which files get mutants, by which operators, and which tests should notice them."""

import re
from collections.abc import Iterator
from pathlib import Path

from bench.mutants.operators import OF_LISTS, OF_RULES, OF_VIEWS, Mutant, Source, mutants_of

APPS = ("alliance_tracker/accounts", "clients", "ratings")
LISTS = ("standing", "saving", "strains", "asking", "caseload", "supervision", "reports", "privacy")
RULES: dict[str, str] = {
    "clients/models/access.py": "",
    "clients/emergency.py": "",
    "clients/notices.py": "of_own_clients to_review open_to counts attempts_left",
    "alliance_tracker/accounts/access.py": "",
    "alliance_tracker/accounts/middleware.py": "",
    "alliance_tracker/accounts/models.py": "current pending usable may_sign_in sees_clients",
    "alliance_tracker/accounts/parked.py": "park parked kept_until",
    "alliance_tracker/accounts/browser_sessions.py": "is_idle is_recent",
    "alliance_tracker/accounts/people.py": "usable_invitation",
    "alliance_tracker/accounts/sign_ins.py": "sessions_of end_sign_in drop_sign_ins",
    "alliance_tracker/accounts/second_factors.py": "remove_factor has_second_factor",
    "alliance_tracker/accounts/actions.py": "lock_admins add_supervisor make_reset_link",
    "ratings/asking/answering.py": "link_of_token link_of_id form_state may_be_answered open_code close_form was_sent",
    "ratings/asking/middleware.py": "",
    "ratings/saving/blind.py": "",
    "ratings/asking/views/answer.py": "",
    "ratings/caseload/views/rate.py": "rate",
    "clients/client_pages.py": "editable_session",
    "ratings/models/link.py": "usable",
    "ratings/models/rating.py": "opened hidden given correctable_by kept_by is_open",
    "ratings/models/supervision.py": "owned_by",
    "ratings/saving/corrections.py": "own_rating sessions_to_move_to",
    "ratings/supervision/meeting_actions.py": "lock_meeting add_case",
}
MIRRORED = {  # whose tests are in another folder than the mirrored one
    "ratings/models/link.py": "tests/ratings/asking",
    "ratings/models/rating.py": "tests/ratings/saving",
    "ratings/models/supervision.py": "tests/ratings/supervision",
}
FIRST = ["tests/test_access_ends.py", "tests/ratings/supervision/test_second_locks.py"]
LAST = ["tests/test_access.py", "tests/ratings/saving/test_blind.py"]


def view_files(root: Path) -> list[str]:
    found = [path for app in APPS for path in root.joinpath(app).rglob("*.py") if path.parent.name == "views"]
    return sorted(str(path.relative_to(root)) for path in found)


def list_files(root: Path) -> list[str]:
    """Return the modules of `ratings` that may read rows for a page: all but forms and views."""
    found = [path for package in LISTS for path in root.joinpath("ratings", package).rglob("*.py")]
    return sorted(str(path.relative_to(root)) for path in found if path.stem != "forms" and path.parent.name != "views")


def mirrored(path: str) -> str:
    """Return the folder of the tests of a module."""
    return MIRRORED.get(path) or str(Path("tests") / Path(path.removeprefix("alliance_tracker/")).parent)


def all_mutants(root: Path) -> list[Mutant]:
    """Return every mutant. Where two operators make the same edit, the first one counts."""
    found: list[Mutant] = []
    for path in view_files(root):
        found += mutants_of(Source(root, path), OF_VIEWS)
    for path in list_files(root):
        found += mutants_of(Source(root, path), OF_LISTS)
    for path, names in RULES.items():
        found += mutants_of(Source(root, path), OF_RULES, set(names.split()) or None)
    return list({(each.path, each.start, each.end, each.new): each for each in reversed(found)}.values())[::-1]


def pages_of(root: Path, mutant: Mutant) -> list[str]:
    """Return the names of the pages that a mutant in a view concerns: its own, or all pages of the module."""
    text = "".join(root.joinpath(app, "urls.py").read_text() for app in APPS)
    module = Path(mutant.path).stem
    named = dict(re.findall(rf"\b{module}\.(\w+),\s*name=\"(\w+)\"", text))
    return [named[mutant.function]] if mutant.function in named else list(named.values())


def size(path: Path) -> int:
    return path.stat().st_size


def mentions(path: Path, words: list[str]) -> bool:
    """Whether a file contains one of these words."""
    text = path.read_text()
    return any(word in text for word in words)


def should_notice(root: Path, mutant: Mutant) -> Iterator[str]:
    """Yield the tests that should fail, the quickest first, as options of pytest."""
    is_view = "/views/" in mutant.path
    pages = pages_of(root, mutant) if is_view else []
    if is_view:
        yield from ["tests/test_access.py", f"--pages={','.join(pages)}"]
    module = mutant.path.removesuffix(".py").replace("/", ".")
    words = [f'"{page}"' for page in pages] + [
        f"from {module} import",
        f"from {module.rpartition('.')[0]} import {Path(mutant.path).stem}\n",
    ]
    files = [path for path in root.joinpath("tests").rglob("test_*.py") if "browser" not in path.parts]
    own = [path for path in files if path.stem in {f"test_{name}" for name in (*pages, Path(mutant.path).stem)}]
    beside = [path for path in files if path.parent == root / mirrored(mutant.path) and path not in own]
    near = [path for path in files if path not in {*own, *beside} and mentions(path, words)]
    taken = {*FIRST, *LAST, "tests/test_blind_everywhere.py", "tests/test_budgets.py"}
    if not is_view:
        yield from FIRST
    for path in [*sorted(own), *(path for some in (beside, near) for path in sorted(some, key=size))]:
        if (name := str(path.relative_to(root))) not in taken:
            yield name
    yield from LAST[1:] if is_view else LAST
