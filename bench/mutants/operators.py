"""The mutation operators: each finds places of one kind in the source, and yields a mutant for each place.

A mutant is one edit of one file that removes or weakens a check of access.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ACCESS = {
    *("visible_to", "responsible_for", "editable_by", "supervised_by", "correctable_by", "owned_by", "opened_to"),
    *("opened", "held_by", "reviewed_by"),
}
WIDER = {"editable_by": "responsible_for", "supervised_by": "responsible_for", "responsible_for": "visible_to"}
OTHER_ROLE = {"admin": "clinician", "clinician": "admin", "supervisor": "clinician"}
GUARDS = {"for_roles", "recently_signed_in", "require_POST"}
OPEN = "@__import__('django.contrib.auth.decorators', fromlist=['']).login_not_required\n"
REFUSALS = (ast.Raise, ast.Return)

Edit = tuple[str, int, int, str]  # what it does, the first and the last byte, what takes their place
Found = Iterator[Edit]
Argument = ast.expr | ast.keyword


@dataclass(frozen=True)
class Mutant:
    """One edit of a file: the bytes from `start` to `end` become `new`."""

    path: str
    function: str
    kind: str
    line: int
    start: int
    end: int
    new: str

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line} {self.function}: {self.kind}"

    @property
    def key(self) -> str:
        """What names the mutant without the line, which moves when code above it changes."""
        return f"{self.path} {self.function}: {self.kind}"

    def applied(self, source: bytes) -> bytes:
        """Return the source with the edit."""
        return source[: self.start] + self.new.encode() + source[self.end :]


class Source:
    """One file, parsed, with the positions of its nodes in bytes."""

    def __init__(self, root: Path, path: str) -> None:
        self.path, self.data = path, root.joinpath(path).read_bytes()
        self.tree = ast.parse(self.data)
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: Argument) -> tuple[int, int]:
        """Return the bytes at which an expression, or a named argument, starts and ends."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[end_line - 1] + end_column

    def text(self, node: Argument) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def lines(self, first: int, last: int) -> tuple[int, int]:
        """Return the bytes at which the first of these lines starts and the last one ends."""
        return self.starts[first - 1], self.starts[last]

    def functions(self) -> Iterator[ast.FunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))


def said(source: Source, node: Argument) -> str:
    """Return an expression as it stands in the source, on one line and shortened."""
    return " ".join(source.text(node).split())[:60]


def inside(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Walk the nodes of a function's body, without annotations."""
    for statement in function.body:
        waiting: list[ast.AST] = [statement]
        while waiting:
            node = waiting.pop()
            yield node
            skipped = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
            waiting += [each for each in ast.iter_child_nodes(node) if id(each) not in skipped]


def is_rows(node: ast.expr, attr: str) -> bool:
    """Whether an attribute is called on rows of the database: a series in memory has an `opened` of its own."""
    return not (attr == "opened" and isinstance(node, ast.Name))


def without_access(source: Source, function: ast.FunctionDef) -> Found:
    """Replace a rule of access such as `visible_to(user)` or `opened(now)` by `all()`."""
    for node in inside(function):
        match node:
            case ast.Call(func=ast.Attribute(value=rows, attr=attr)) if (
                attr in ACCESS and node.args and is_rows(rows, attr)
            ):
                yield f"{said(source, rows)}.{attr} shows all", source.span(rows)[1], source.span(node)[1], ".all()"


def wider_access(source: Source, function: ast.FunctionDef) -> Found:
    """Replace a rule of access by the next wider one."""
    for node in inside(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="objects"), attr=attr) as func) if attr in WIDER:
                end = source.span(func)[1]
                yield f"{said(source, func)} becomes {WIDER[attr]}", end - len(attr), end, WIDER[attr]


def name_of(decorator: ast.expr) -> str:
    """Return the name of a decorator; empty where it is not a plain name."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return target.id if isinstance(target, ast.Name) else ""


def guards(source: Source, function: ast.FunctionDef) -> Found:
    """Remove a decorator that checks access, or add a role to one."""
    for decorator in function.decorator_list:
        if (name := name_of(decorator)) in GUARDS:
            yield f"no {name}", *source.lines(decorator.lineno, decorator.end_lineno or decorator.lineno), ""
        if name == "for_roles" and isinstance(decorator, ast.Call):
            roles = [str(each.value) for each in decorator.args if isinstance(each, ast.Constant)]
            more = next(OTHER_ROLE[role] for role in roles if OTHER_ROLE[role] not in roles)
            end = source.span(decorator)[1] - 1
            yield f"for_roles lets {more}s in", end, end, f', "{more}"'


def without_sign_in(source: Source, function: ast.FunctionDef) -> Found:
    """Open a view to people who are not signed in."""
    names = {name_of(each) for each in function.decorator_list}
    if any(name.startswith("require_") for name in names) and not names & {"login_not_required", "for_roles"}:
        start = source.starts[function.decorator_list[0].lineno - 1]
        yield "open to anyone", start, start, OPEN


def without_filter(source: Source, function: ast.FunctionDef) -> Found:
    """Remove a filter, or one of its conditions."""
    for node in inside(function):
        match node:
            case ast.Call(func=ast.Attribute(value=rows, attr="filter" | "exclude" as attr)):
                given: list[Argument] = [*node.args, *node.keywords]
                if len(given) == 1:
                    end = source.span(node)[1]
                    yield f"no {attr} {said(source, given_of(given[0]))}", source.span(rows)[1], end, ".all()"
                    continue
                for dropped in given:
                    yield without_one(source, node, dropped, attr)


def given_of(node: Argument) -> Argument:
    """Return an argument; of `**conditions` the expression without the asterisks."""
    return node.value if isinstance(node, ast.keyword) and node.arg is None else node


def without_one(source: Source, call: ast.Call, dropped: Argument, attr: str) -> Edit:
    """Return the edit that leaves one argument out of a filter."""
    given: list[Argument] = [*call.args, *call.keywords]
    kept = [source.text(each) for each in given if each is not dropped]
    start = source.span(call.func)[1]
    return f"{attr} without {said(source, dropped)}", start, source.span(call)[1], f"({', '.join(kept)})"


def without_operand(source: Source, function: ast.FunctionDef) -> Found:
    """Remove one operand of a condition."""
    for node in inside(function):
        match node:
            case ast.BoolOp(values=values):
                word = " and " if isinstance(node.op, ast.And) else " or "
                for dropped in values:
                    others = word.join(source.text(each) for each in values if each is not dropped)
                    yield f"without {said(source, dropped)}", *source.span(node), f"({others})"
            case ast.BinOp(left=left, right=right, op=ast.BitAnd() | ast.BitOr()):
                for dropped, kept in ((left, right), (right, left)):
                    yield f"without {said(source, dropped)}", *source.span(node), f"({source.text(kept)})"


def without_check(source: Source, function: ast.FunctionDef) -> Found:
    """Skip a check that refuses; of `x if allowed else nothing` take x in any case."""
    for node in inside(function):
        match node:
            case ast.If(test=test, body=[*_, last], orelse=[]) if isinstance(last, REFUSALS):
                yield f"no check if {said(source, test)}", *source.span(test), "False"
            case ast.IfExp(test=test, body=body):
                yield f"no check of {said(source, test)}", *source.span(node), f"({source.text(body)})"


Operator = Callable[[Source, ast.FunctionDef], Found]
OF_VIEWS: list[Operator] = [guards, without_sign_in, without_access, wider_access]
OF_LISTS: list[Operator] = [without_access]
OF_RULES: list[Operator] = [without_access, without_filter, without_operand, without_check]


def mutants_of(source: Source, operators: list[Operator], names: set[str] | None = None) -> Iterator[Mutant]:
    """Apply the operators to each function, or to those named. No two mutants have the same name."""
    taken: dict[str, int] = {}
    for function in source.functions():
        if names is not None and function.name not in names:
            continue
        for operator in operators:
            for kind, start, end, new in operator(source, function):
                line = source.data[:start].count(b"\n") + 1
                key = f"{function.name} {kind}"
                count = taken[key] = taken.get(key, 0) + 1
                kind_now = kind if count == 1 else f"{kind} ({count})"
                yield Mutant(source.path, function.name, kind_now, line, start, end, new)
