"""The service report: tables of the stored months, without anybody's name and without numbers below ten."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from ratings.analysis.after_low import sentence
from ratings.analysis.all_rules import RULES
from ratings.analysis.disclosure import (
    FEWEST_CLIENTS,
    FEWEST_CLINICIANS,
    WITHHELD,
    about,
    count,
    share,
    shares,
    withheld,
)
from ratings.analysis.rule_check import per_100
from ratings.analysis.service_figures import ENDINGS, RATERS
from ratings.analysis.words import spoken
from ratings.elements import ELEMENTS, NOT_VALIDATED
from ratings.models import ServiceMonth
from ratings.reports.service_months import KEPT

LEAST_COVERAGE = 0.6
WHO = {"clinician": "Clinicians", "client": "Clients"}
TOO_FEW_CLIENTS = f"Not shown: figures from fewer than {FEWEST_CLIENTS} clients."
NO_VALUE = "cannot be said"
AIM = "From opening the clinician's form to saving it. Aim: half of them within 20 s, nine in ten within 40 s."
MEANS = "Mean over clients, each counted once, with its 95% confidence interval. No norms exist."
ASKED = "Answered and said no: of those asked. The rest let it pass, or still may answer."
FOLLOWED = {"low": "Low", "other": "Not low"}
LOW = "Low: at least half a point below the client's usual level. What counts is the next session held."
MIRROR = (
    "Ratings against the client's own usual level. Sessions are unusually high about as often as they are unusually low"
    " by chance, less often where ratings are near 7. Looked back at: signals of an unusually low session of which a"
    " clinician said, once the strain was closed, whether there was one."
)
RULE = (
    "Nothing here is about one person. Numbers under 10, what comes from fewer than three clinicians, and what either"
    " could be worked out from are not shown."
)
ROUNDED = "Counts are rounded to the nearest five."


@dataclass(frozen=True)
class Line:
    """One row of a table: its name, the printed cells, and whether too few sessions were rated to read them."""

    name: str
    cells: Sequence[str]
    greyed: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the report; `of` is the header of its first column, which names the rows."""

    title: str
    of: str
    columns: Sequence[str]
    lines: Sequence[Line]
    words: str = ""


class ServiceReport:
    """The service's newest months, newest first. `clinical` adds what administrators do not see."""

    def __init__(self, *, clinical: bool) -> None:
        self.clinical = clinical
        self.months = list(ServiceMonth.objects.order_by("-month")[:KEPT])

    rule = RULE

    @property
    def written_at(self) -> datetime | None:
        return self.months[0].written_at if self.months else None

    def for_paper(self, made: str) -> dict[str, Any]:
        """Return everything that the PDF shows, as plain values."""
        facts = []
        if self.written_at:
            written = timezone.localtime(self.written_at)
            facts = [
                ("Months", f"{name_of(self.months[-1])} to {name_of(self.months[0])}"),
                ("As of", f"{written.day} {written:%B %Y, %H:%M}"),
            ]
        tables = [asdict(table) | {"lines": [astuple(line) for line in table.lines]} for table in self.tables]
        return {"made": made, "facts": facts, "tables": tables, "rule": self.rule, "caution": NOT_VALIDATED}

    @property
    def tables(self) -> list[Table]:
        if not self.months:
            return []
        tables = [self.coverage(), self.time_to_log()]
        if self.clinical:
            tables += [*map(self.elements, RATERS), self.open_strains(), self.strains(), self.endings()]
            tables += [self.not_right(), self.trust(), self.measurement()]
            if "after_low" in self.months[0].figures["year"]:  # not before the first night of this version
                tables.append(self.after_low())
        return tables

    def by_month(
        self, title: str, columns: Sequence[str], cells: Callable[[Any], Sequence[str]], words: str = "", form: str = ""
    ) -> Table:
        """Return a table with a line for each month. With a form, months with too few ratings on it are greyed."""
        lines = [
            Line(name_of(month), cells(month.figures), bool(form) and is_thin(month.figures, form))
            for month in self.months
        ]
        return Table(title, "Month", columns, lines, words)

    def coverage(self) -> Table:
        columns = ("Sessions held", "Rated by clinician", "Client asked", "Client answered", "Client said no")
        return self.by_month("Coverage", columns, coverage_cells, ASKED, "clinician")

    def time_to_log(self) -> Table:
        columns = ("Half within", "Nine in ten within", "Ratings")
        return self.by_month("Time to log a rating", columns, lambda found: time_cells(found["seconds"]), AIM)

    def elements(self, form: str) -> Table:
        def cells(found: Any) -> list[str]:
            return [mean_cell(found["elements"][form][key]) for key in ELEMENTS]

        return self.by_month(f"{WHO[form]}' ratings by element", list(ELEMENTS.values()), cells, MEANS, form)

    def open_strains(self) -> Table:
        columns = ("Open therapies", "With an open strain")
        return self.by_month("Open strains at the end of the month", columns, strain_cells)

    def by_year(
        self, title: str, columns: Sequence[str], cells: Callable[[Any], Sequence[str]], words: str = ""
    ) -> Table:
        """Return a table of the newest year and the one before it, which share no month."""
        years = [self.months[0], *self.months[12:13]]
        lines = [Line(f"Year to {name_of(month)}", cells(month.figures["year"])) for month in years]
        return Table(title, "Year", columns, lines, f"{words} {ROUNDED}".strip())

    def strains(self) -> Table:
        columns = ("Strains", "Days until someone spoke of it", "Days until repaired", "Discussed with the client")
        words = "Days: half of them took no longer. Discussed: of the ratings that say whether it was."
        return self.by_year("What became of strains", columns, course_cells, words)

    def endings(self) -> Table:
        columns = ("Therapies", "Planned", "Unplanned", "Other")
        return self.by_year("How therapies with a strain ended", columns, ending_cells)

    def not_right(self) -> Table:
        raised = self.months[0].figures["year"]["rules"]
        lines = [Line(rule.title, rule_cells(raised[rule.id])) for rule in RULES.values() if rule.id in raised]
        words = f"In the year to {name_of(self.months[0])}. {ROUNDED}"
        return Table("Signals that people found not right", "Signal", ("Raised", "Not right"), lines, words)

    def after_low(self) -> Table:
        found = self.months[0].figures["year"]["after_low"]
        lines = [Line(name, following_cells(found[kind])) for kind, name in FOLLOWED.items()]
        columns = ("Sessions that followed", "Client answered", "Asked, no answer", "Not asked")
        words = f"{sentence(found)} {LOW} In the year to {name_of(self.months[0])}. {ROUNDED}"
        return Table("After a low rating by the client", "The rating before", columns, lines, words)

    def trust(self) -> Table:
        columns = ("Sessions", "Unusually low", "Unusually high", "Signals looked back at", "There was a strain")
        return self.by_year("How far signals can be trusted", columns, trust_cells, MIRROR)

    def measurement(self) -> Table:
        found = self.months[0].figures["year"]["measurement"]
        lines = [Line(WHO[form], measurement_cells(found[form])) for form in RATERS]
        counted = [found[form]["clients"] for form in RATERS] + [found["pairs"]["clients"]]
        too_few = f" {TOO_FEW_CLIENTS}" if min(counted) < FEWEST_CLIENTS else ""
        columns = (
            "Alpha",
            "Reliability of change within clients",
            "Share of differences between clients",
            "Ratings that are all 7s",
        )
        words = f"In the year to {name_of(self.months[0])}.{together(found['pairs'])}{too_few}"
        return Table("How the form measures here", "Form", columns, lines, words)


def name_of(month: ServiceMonth) -> str:
    return f"{month.month:%B %Y}"


def is_thin(found: Any, form: str) -> bool:
    """Whether too few ratings came for a month to be read: of the held sessions, or of those asked about."""
    given, whole = (
        (found["rated"], found["held"]) if form == "clinician" else (found["asked"]["answered"], found["asked"]["n"])
    )
    return bool(given < LEAST_COVERAGE * whole)


def coverage_cells(found: Any) -> list[str]:
    held, by, asked = found["held"], found["by"], found["asked"]
    parts = {key: asked[key] for key in ("answered", "declined")}
    parts["left"] = asked["n"] - sum(parts.values())
    answers = shares(parts, asked["by"])
    cells = [count(held, by), share(found["rated"], held, by), share(asked["n"], held, by)]
    return [*cells, answers["answered"], answers["declined"]]


def time_cells(found: Any) -> list[str]:
    if instead := withheld(found["n"], found["by"]):
        return [instead] * 3
    return [seconds(found["median"]), seconds(found["p90"]), str(found["n"])]


def seconds(value: float) -> str:
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


def mean_cell(found: Any) -> str:
    if instead := withheld(found["n"], found["by"]):
        return instead
    return f"{spoken(found['mean'])} ({spoken(found['low'])} to {spoken(found['high'])})"


def strain_cells(found: Any) -> list[str]:
    strains = found["strains"]
    whole, by = strains["therapies"], strains["by"]
    return [count(whole, by), share(strains["open"], whole, by)]


def days_cell(found: Any) -> str:
    return withheld(found["n"], found["by"]) or f"{found['median']:.0f}"


def course_cells(year: Any) -> list[str]:
    strains, discussed = year["strains"], year["discussed"]
    days = [days_cell(year[key]) for key in ("acknowledged", "repaired")]
    spoken_of = share(discussed["part"], discussed["n"], discussed["by"])
    return [about(strains["n"], strains["by"]), *days, spoken_of]


def ending_cells(year: Any) -> list[str]:
    parts, by = {kind: year["endings"][kind] for kind in ENDINGS}, year["endings"]["by"]
    return [about(sum(parts.values()), by), *shares(parts, by).values()]


def rule_cells(found: Any) -> list[str]:
    return [about(found["n"], found["by"]), share(found["part"], found["n"], found["by"])]


def following_cells(found: Any) -> list[str]:
    left = found["n"] - found["answered"] - found["not_asked"]
    parts = {"answered": found["answered"], "left": left, "not_asked": found["not_asked"]}
    return [about(found["n"], found["by"]), *shares(parts, found["by"]).values()]


def trust_cells(year: Any) -> list[str]:
    if "read" not in year:  # a month that was written before these were counted
        return [NO_VALUE] * 5
    read, said = year["read"], year["outcomes"]
    rates = [per_100(read[key], read["n"], read["by"]) for key in ("low", "high")]
    outcomes = [about(said["n"], said["by"]), share(said["part"], said["n"], said["by"])]
    return [about(read["n"], read["by"]), *rates, *outcomes]


def measurement_cells(found: Any) -> list[str]:
    if found["clients"] < FEWEST_CLIENTS:
        return [WITHHELD] * 4
    given = [found.get(key) for key in ("alpha", "within", "between")]
    figures = [NO_VALUE if value is None else f"{value:.2f}" for value in given]
    return [*figures, share(found["at_seven"], found["ratings"], FEWEST_CLINICIANS)]


def together(pairs: Any) -> str:
    """Say how far the means of clients and clinicians go together; nothing where they come from too few clients."""
    if pairs["clients"] < FEWEST_CLIENTS:
        return ""
    r = NO_VALUE if pairs["r"] is None else f"= {pairs['r']:.2f}"
    return f" How far clients' and clinicians' means go together: r {r}."
