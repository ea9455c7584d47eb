"""Which files are planted in, by which operators, and which tests should notice."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bench.mutants.operators import OF_LISTS, OF_RULES, OF_VIEWS, Mutant, Source, mutants_of

VIEWS = ("alliance_tracker/accounts/views", "clients/views", "ratings/views")
LISTS = [
    *("caseload", "timeline", "client_page", "client_watch", "client_raters", "brief", "saved", "asking", "mirror"),
    *("openings", "triage", "supervision", "agenda", "follow_ups", "held", "series", "priors", "service_months"),
]
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
    "ratings/answering.py": "link_of_token link_of_id how_stands may_be_answered open_code end was_sent",
    "ratings/middleware.py": "",
    "ratings/blind.py": "",
    "ratings/views/answer.py": "",
    "ratings/views/rate.py": "rate editable_session",
    "ratings/models/link.py": "usable",
    "ratings/models/rating.py": "opened hidden given correctable_by kept_by is_open",
    "ratings/models/supervision.py": "owned_by",
    "ratings/corrections.py": "own_rating sessions_to_move_to",
    "ratings/meetings.py": "lock_meeting add_case",
}
NEAR = {  # tests that go through a rule without naming its module
    "alliance_tracker/accounts/middleware.py": "accounts/test_second_factor accounts/test_locked_sessions",
    "alliance_tracker/accounts/parked.py": "accounts/test_locked_sessions accounts/test_confirm_sign_in",
    "alliance_tracker/accounts/browser_sessions.py": "accounts/test_locked_sessions accounts/test_confirm_sign_in",
    "alliance_tracker/accounts/sign_ins.py": "accounts/test_my_sign_ins accounts/test_unused_accounts",
    "alliance_tracker/accounts/models.py": (
        "accounts/test_models accounts/test_invitations accounts/test_supervision_pairs accounts/test_unused_accounts"
        " accounts/test_around_the_second_step clients/test_visible_to"
    ),
    "alliance_tracker/accounts/people.py": "accounts/test_invitations",
    "alliance_tracker/accounts/second_factors.py": "accounts/test_second_factor",
    "alliance_tracker/accounts/actions.py": (
        "accounts/test_invitations accounts/test_supervision_pairs accounts/test_person"
    ),
    "alliance_tracker/accounts/access.py": "accounts/test_confirm_sign_in",
    "clients/models/access.py": "clients/test_visible_to clients/test_review_emergency_access",
    "clients/emergency.py": "clients/test_emergency_access clients/test_review_emergency_access",
    "clients/notices.py": "clients/test_emergency_access clients/test_review_emergency_access",
    "ratings/answering.py": (
        "ratings/test_answer_link ratings/test_enter_code ratings/test_answer_races ratings/test_hand_over"
        " ratings/test_handed_over_device"
    ),
    "ratings/middleware.py": "ratings/test_handed_over_device ratings/test_hand_over",
    "ratings/blind.py": "ratings/test_blind ratings/test_blind_supervision",
    "ratings/models/link.py": "ratings/test_answer_link ratings/test_invitations ratings/test_enter_code",
    "ratings/models/rating.py": (
        "ratings/test_blind ratings/test_correct_rating ratings/test_rate ratings/test_drafts ratings/test_log_rating"
    ),
    "ratings/models/supervision.py": "ratings/test_follow_ups ratings/test_meetings ratings/test_today",
    "ratings/corrections.py": "ratings/test_correct_rating ratings/test_move_rating",
    "ratings/meetings.py": "ratings/test_meetings",
    "ratings/caseload.py": (
        "ratings/test_client_list ratings/test_find_client ratings/test_today ratings/test_rate"
        " ratings/test_supervision"
    ),
    "ratings/agenda.py": "ratings/test_meetings ratings/test_decided ratings/test_supervision",
    "ratings/views/today.py": "ratings/test_decided",
    "ratings/triage.py": "ratings/test_triage ratings/test_supervision ratings/test_digest",
}
FIRST = ["tests/test_access_ends.py", "tests/ratings/test_second_locks.py"]
LAST = ["tests/test_access.py", "tests/ratings/test_blind.py"]


def python_files(root: Path, folder: str) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.joinpath(folder).glob("*.py"))


def all_mutants(root: Path) -> list[Mutant]:
    """Return every mutant there is; where two operators make the same edit, the first."""
    found: list[Mutant] = []
    for path in [path for folder in VIEWS for path in python_files(root, folder)]:
        found += mutants_of(Source(root, path), OF_VIEWS)
    for name in LISTS:
        found += mutants_of(Source(root, f"ratings/{name}.py"), OF_LISTS)
    for path, names in RULES.items():
        found += mutants_of(Source(root, path), OF_RULES, set(names.split()) or None)
    return list({(each.path, each.start, each.end, each.new): each for each in reversed(found)}.values())[::-1]


def pages_of(root: Path, mutant: Mutant) -> list[str]:
    """Return the pages whose view the mutant is in: its own, or all that share its module."""
    text = "".join(
        root.joinpath(app, "urls.py").read_text() for app in ("alliance_tracker/accounts", "clients", "ratings")
    )
    module = Path(mutant.path).stem
    named = dict(re.findall(rf"\b{module}\.(\w+),\s*name=\"(\w+)\"", text))
    return [named[mutant.function]] if mutant.function in named else list(named.values())


def mentions(path: Path, words: list[str]) -> bool:
    text = path.read_text()
    return any(word in text for word in words)


def should_notice(root: Path, mutant: Mutant) -> Iterator[str]:
    """Yield the tests that should notice, the quickest first: they stop at the first that does."""
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
    named = [f"tests/{name}.py" for name in NEAR.get(mutant.path, "").split()]
    near = [] if named and not is_view else [path for path in files if path not in own and mentions(path, words)]
    first = named if is_view else [*FIRST, *named]
    taken = {*first, *LAST, "tests/test_blind_everywhere.py", "tests/test_budgets.py"}
    yield from first
    for path in [*sorted(own), *sorted(near, key=lambda path: path.stat().st_size)]:
        if (name := str(path.relative_to(root))) not in taken:
            yield name
    yield from LAST[1:] if is_view else LAST


def compiles(mutant: Mutant, root: Path) -> bool:
    try:
        ast.parse(mutant.applied(root.joinpath(mutant.path).read_bytes()))
    except SyntaxError:
        return False
    return True
