"""Sessions and figures that the tests of the charts share."""

from datetime import date, timedelta

from ratings.figures.trend import Mark, Point, trend

ELEMENTS = [
    ("working_alliance", "Working alliance"),
    ("trust", "Trust"),
    ("empathy", "Empathy"),
    ("engagement", "Client engagement"),
    ("responsiveness", "Therapist responsiveness"),
]
PARTS = [("goals", "Goals"), ("tasks", "Tasks"), ("bond", "Bond")]
KEYS = ["overall", *(key for key, _ in ELEMENTS + PARTS)]
FIRST = date(2026, 7, 27)


def mark(score=5.0, *, late=False, partial=False, **scores):
    return Mark(dict.fromkeys(KEYS, score) | scores, late=late, partial=partial)


def point(number, *, clinician=None, client=None, day=None, name="Maya Osei"):
    return Point(number, day or FIRST + timedelta(weeks=number - 1), clinician, client, name)


def sessions(count, raters="both"):
    rated = mark()
    return [
        point(number, clinician=rated if raters != "client" else None, client=rated if raters != "clinician" else None)
        for number in range(1, count + 1)
    ]


def draw(points, **options):
    return trend(points, elements=ELEMENTS, parts=PARTS, **options)


def line(figure, name):
    return next(trace for trace in figure["data"] if trace["name"] == name)


def names(figure):
    return [trace["name"] for trace in figure["data"]]


def cursor(figure):
    return figure["layout"]["meta"]["cursor"]


def headers(figure):
    return [annotation["text"] for annotation in figure["layout"]["annotations"]]


def uprights(figure, dash):
    return {shape["x0"] for shape in figure["layout"]["shapes"] if shape["line"]["dash"] == dash}


def everything(**options):
    """A figure with one of each: gap, skipped answer, late, partial, missed, break, change of clinician."""
    points = [
        point(1, clinician=mark(late=True), client=mark(partial=True, overall=None, trust=None)),
        point(2),
        point(3, clinician=mark(empathy=None, partial=True), day=FIRST + timedelta(days=60)),
        point(4, clinician=mark(4), client=mark(6, late=True), day=FIRST + timedelta(days=67), name="Ana Ruiz"),
    ]
    return draw(points, missed=[FIRST + timedelta(days=20), FIRST + timedelta(days=74)], **options)
