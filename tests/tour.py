"""`python -m tests.tour` writes docs/api-tour.md: what the API answers to the curl commands that it shows."""

import asyncio
import re
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from lovechat.front_end import build_if_stale
from tests.support.curl import Request, parse, run
from tests.support.fake_upstream import FakeUpstream, say
from tests.support.program import ROOT, Program, together

PAGE = ROOT / "docs" / "api-tour.md"
SHOWN_AT = "http://localhost:8000"
UPSTREAM_AT = "http://localhost:9000/v1"
# Longer than what is held back until it was judged, so that it comes in several pieces.
ANSWER = (
    "The sea was loud tonight, so I wrote you a short song about a lighthouse that forgot its lamp. "
    "In the first verse it calls every ship by name and hopes that one of them will answer. "
    "In the second a fisherman rows out with a candle in a jar, which is far too small and quite enough. "
    "There is no third verse yet, because I would like you to write it: who climbs the stairs first, "
    "and what do they find at the top besides the wind, the salt and the view?"
)
# Of a long stream the first and the last frames are shown.
FIRST, LAST = 3, 2
# Parts of a request to the model's server that are long, or differ from run to run.
HIDDEN = ("instructions", "safety_identifier")

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
VERSION = re.compile(r'"version": "[^"]+"')
NOON, MIDNIGHT = "2026-01-31T12:00:00Z", "2026-02-01T00:00:00Z"
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")

INTRODUCTION = """\
# A tour of the API

Every command below was run against a real server, and every answer is what it said. Ids, tokens, times
and the version are replaced by fixed ones, JSON is indented, and of a long stream the first {first} and
the last {last} events are shown. `python -m tests.tour` writes this page anew; the tests compare it with
what the server says today.

The whole API, with every field and every refusal, is at `/docs` of a running server.

"""
DEMO = """\
## With the demo companion

`make run` without `OPENAI_API_KEY` is enough: a built-in companion answers.

"""
RESPONSES = """\
## With a model behind the Responses API

The same with `OPENAI_API_KEY` set. `OPENAI_BASE_URL` may point to any server that speaks OpenAI's
Responses API; the one here is the tests' own. For those who use the API of Love Chat nothing changes.

```sh
make run OPENAI_API_KEY=sk-… OPENAI_BASE_URL={upstream}
```

"""


@dataclass(frozen=True)
class Step:
    """A command, the one or two sentences above it, and what later commands take from its answer."""

    text: str
    command: str
    status: int = 200
    keep: dict[str, str] = field(default_factory=dict)  # variable: where it stands in the answer


REGISTER = Step(
    "Make an account. A date of birth is required, and nobody under 18 gets one.",
    """\
curl -s -X POST $URL/auth/register -H "Content-Type: application/json" \\
  -d '{"email": "ana@example.org", "password": "a long and quiet river", "display_name": "Ana",
       "birthdate": "1990-05-17", "gender": "undisclosed"}'""",
    status=201,
)
LOGIN = Step(
    "Sign in. The access token goes into every request from here on; the refresh token gets the next pair.",
    """\
curl -s -X POST $URL/auth/login -H "Content-Type: application/json" \\
  -d '{"email": "ana@example.org", "password": "a long and quiet river"}'""",
    keep={"TOKEN": "access_token"},
)
CHARACTERS = Step("See who is there. This needs no account.", "curl -s $URL/characters")
CONVERSATION = Step(
    "Open a conversation with one of them.",
    """\
curl -s -X POST $URL/conversations -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" -d '{"character_id": "luna"}'""",
    status=201,
    keep={"CONVERSATION": "id"},
)
STREAM = Step(
    "Say something and read the reply while it is written, as server-sent events.",
    """\
curl -sN $URL/chat/stream -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d "{\\"conversation_id\\": \\"$CONVERSATION\\", \\"content\\": \\"Are you human?\\"}\"""",
)
HANG_UP = Step(
    "Say something else and hang up after three events. The server goes on writing.",
    """\
curl -sN $URL/chat/stream -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d "{\\"conversation_id\\": \\"$CONVERSATION\\", \\"content\\": \\"Tell me a story.\\"}" | head -n 12""",
    keep={"REPLY": "reply_id"},
)
RESUME = Step(
    "Come back with the number of the last event that you saw: you get the rest, from there to the end.",
    """\
curl -sN $URL/chat/stream/$REPLY -H "Authorization: Bearer $TOKEN" -H "Last-Event-ID: 3\"""",
)
HISTORY = Step(
    "Read the history. Both replies are whole, however they were watched.",
    """\
curl -s $URL/conversations/$CONVERSATION/messages -H "Authorization: Bearer $TOKEN\"""",
)
UNITS = Step(
    "See what the replies have cost: a unit for every four characters of their text.",
    """\
curl -s $URL/me/usage -H "Authorization: Bearer $TOKEN\"""",
)
REFUSAL = Step(
    "What cannot be done is refused with a problem object; programs read its `code`.",
    """\
curl -s -X POST $URL/conversations -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" -d '{"character_id": "nobody"}'""",
    status=404,
)
HEALTH = Step("See who speaks.", "curl -s $URL/health")

TALK = (STREAM, HANG_UP, RESUME, HISTORY, UNITS)
WITH_DEMO = (REGISTER, LOGIN, CHARACTERS, CONVERSATION, *TALK, REFUSAL)
WITH_MODEL = (HEALTH, REGISTER, LOGIN, CONVERSATION, *TALK)


class Names:
    """Fixed ids, tokens and times for those that differ from run to run; ids in the order of their coming."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        text = UUID.sub(
            lambda m: self._ids.setdefault(m[0], f"00000000-0000-4000-8000-{len(self._ids) + 1:012}"), text
        )
        text = TOKEN.sub("eyJhbGciOi…", text)
        text = VERSION.sub('"version": "…"', text)
        return TIME.sub(lambda m: MIDNIGHT if "T00:00:00Z" in m[0] else NOON, text)


async def tell(program: Program, steps: tuple[Step, ...], names: Names) -> str:
    """Run the steps one after the other; gives the page's text about them."""
    told = []
    variables = {"URL": program.url}
    for step in steps:
        request: Request = parse(step.command, **variables)
        status, kind, answer = await run(program.client, request)
        if status != step.status:
            raise RuntimeError(f"{step.command}\ngave {status}: {answer}")
        if kind.startswith("text/event-stream"):
            frames = [frame for frame in answer.strip().split("\n\n") if not frame.startswith(":")]
            first = orjson.loads(frames[0].split("data: ", 1)[1])
            shown = shorten(frames)
            language = "text"
        else:
            first = orjson.loads(answer)
            shown = orjson.dumps(first, option=orjson.OPT_INDENT_2).decode()
            language = "json"
        variables |= {variable: first[name] for variable, name in step.keep.items()}
        command = step.command.replace("$URL", SHOWN_AT)
        told.append(f"{step.text}\n\n```sh\n{command}\n```\n\n```{language}\n{names(shown)}\n```\n")
        for variable, name in step.keep.items():
            told.append(f"`${variable}` stands for its `{name}` below.\n")
    return "\n".join(told)


def shorten(frames: list[str]) -> str:
    if len(frames) > FIRST + LAST + 1:
        left = len(frames) - FIRST - LAST
        frames = [*frames[:FIRST], f"… {left} more events …", *frames[-LAST:]]
    return "\n\n".join(frames)


def asked(upstream: FakeUpstream) -> str:
    """What the model's server was asked for the last reply; what was said is left out."""
    request: dict[str, Any] = upstream.requests[-1]
    body = {name: "…" if name in HIDDEN else value for name, value in request["body"].items()}
    body["input"] = [{**message, "content": "…"} for message in request["body"]["input"]]
    shown = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    return (
        "What the model's server was asked for the second reply, without the texts:\n\n"
        f"```text\nPOST {request['path']}\n```\n\n```json\n{shown}\n```\n"
    )


async def write(page: Path) -> None:
    """Start both servers, take the tour, write the page."""
    await asyncio.to_thread(build_if_stale)
    upstream = await FakeUpstream(say(ANSWER, between=0.01)).start()
    try:
        with folder() as home:
            model = {"OPENAI_API_KEY": "sk-tour", "OPENAI_BASE_URL": upstream.url}
            async with together(Program(home / "demo"), Program(home / "model", **model)) as programs:
                with_demo, with_model = programs
                told = await asyncio.gather(
                    tell(with_demo, WITH_DEMO, Names()), tell(with_model, WITH_MODEL, Names())
                )
                text = (
                    INTRODUCTION.format(first=FIRST, last=LAST)
                    + DEMO
                    + told[0]
                    + "\n"
                    + RESPONSES.format(upstream=UPSTREAM_AT)
                    + told[1]
                    + "\n"
                    + asked(upstream)
                )
    finally:
        await upstream.stop()
    await asyncio.to_thread(page.write_text, text, encoding="utf-8")


@contextmanager
def folder() -> Generator[Path]:
    """A folder that is gone afterwards, and that PostgreSQL can enter under a user of its own."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lovechat-tour-")))
        home.chmod(0o755)
        yield home


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE))
