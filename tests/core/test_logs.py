import json
import logging
import sys
from collections.abc import Iterator

import pytest

from lovechat.core.logs import JsonFormatter, set_up_logs

NASTY = [
    "one\ntwo",
    "one\r\ntwo",
    "one\x0btwo\x0ctwo",
    "one\u2028two\u2029three",
    "one\x85two",
    "\x1b[31mred\x9b0m",
    'quoted " and \\ back',
    "half a pair \ud83d",
]


def record(message: str, *args: object, **how: object) -> logging.LogRecord:
    made = logging.LogRecord("lovechat.test", logging.WARNING, __file__, 1, message, args, None)
    made.__dict__.update(how)
    return made


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards as it was."""
    names = ("", "lovechat", "reflex", "sqlalchemy.engine")
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    handlers = root.handlers[:]
    yield root
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_can_forge_a_line(text: str):
    line = JsonFormatter().format(record("said %s", text))
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert json.loads(line)["message"] == f"said {text}"


def test_a_line_tells_when_how_grave_where_and_what():
    line = json.loads(JsonFormatter().format(record("the disk is %s", "full")))
    assert line["level"] == "warning"
    assert line["logger"] == "lovechat.test"
    assert line["message"] == "the disk is full"
    assert line["time"][:2] == "20"
    assert "exception" not in line


def test_an_exception_stays_within_its_line():
    try:
        int("first\nsecond")
    except ValueError:
        line = JsonFormatter().format(record("broke", exc_info=sys.exc_info()))
    assert "\n" not in line
    assert json.loads(line)["exception"].count("\n") >= 2


def test_what_is_logged_reaches_the_error_stream_as_one_line_each(
    root_logger: logging.Logger, capsys: pytest.CaptureFixture[str]
):
    set_up_logs(debug=False)
    logging.getLogger("lovechat.test").info("hello\nworld")
    logging.getLogger("lovechat.test").debug("not shown")
    logging.getLogger("someone.else").info("not shown either")
    logging.getLogger("reflex").warning("an event with what people type")
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["hello\nworld"]
    assert len(root_logger.handlers) == 1


def test_debug_makes_our_own_modules_say_more(
    root_logger: logging.Logger, capsys: pytest.CaptureFixture[str]
):
    set_up_logs(debug=True)
    logging.getLogger("lovechat.test").debug("shown")
    logging.getLogger("sqlalchemy.engine").info("a statement with its parameters")
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == ["shown"]
