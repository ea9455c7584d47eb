"""What the log may say: where something went wrong, never with whose data or which token."""

import logging
import re
import traceback
from types import TracebackType

TOKENS = re.compile(r"(/invite/|/q/|/digest/stop/|/accounts/password/reset/key/)[^/\s]+")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainFormatter(logging.Formatter):
    """Write one line a record, tokens in addresses blotted out, and tracebacks without the messages of their errors.

    A database names the refused row in its message: scores and names have no place in a log.
    """

    def format(self, record: logging.LogRecord) -> str:
        return TOKENS.sub(r"\1…", super().format(record))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        kind, _, where = ei
        return "".join(traceback.format_tb(where)) + (kind.__name__ if kind else "")
