"""Logs: one line an event, never the text of a message, a token or an address of a person."""

import json
import logging
import sys
from typing import Any


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in ASCII: all line breaks are escaped, so no text can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # Not orjson: it leaves U+2028 and the like as they are, and fails on a lone surrogate.
        return json.dumps(line, default=str)


def set_up_logs(*, debug: bool) -> None:
    """Write logs to the standard error stream; with `debug` our own modules say more."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("lovechat").setLevel(logging.DEBUG if debug else logging.INFO)
    # Its warnings quote whole events, and with them what people type.
    logging.getLogger("reflex").setLevel(logging.ERROR)
    # A statement's parameters are people's words.
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
