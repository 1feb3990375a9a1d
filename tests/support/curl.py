"""Runs the curl commands that documents show, without curl: machines that run the tests may lack it."""

import argparse
import shlex
from dataclasses import dataclass
from string import Template
from typing import NoReturn

import httpx


@dataclass(frozen=True)
class Request:
    """What a command asks for. `lines` is set when it ends in `| head -n LINES`, and so hangs up early."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    lines: int | None = None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(f"a curl command that is not understood: {message}")


def parse(command: str, **variables: str) -> Request:
    """Read a command as a shell and curl would; `$NAMES` stand for the variables."""
    words = shlex.split(command.replace("\\\n", " "))
    lines = None
    if "|" in words:
        assert words[words.index("|") :][:3] == ["|", "head", "-n"], command
        lines = int(words.pop())
        words = words[: words.index("|")]
    assert words.pop(0) == "curl", command
    parser = _Parser(add_help=False)
    parser.add_argument("-s", "--silent", action="store_true")
    parser.add_argument("-N", "--no-buffer", action="store_true")
    parser.add_argument("-X", "--request")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-d", "--data")
    parser.add_argument("url")
    given = parser.parse_args([_expand(word, variables) for word in words])
    headers = {name.strip(): value.strip() for name, _, value in (h.partition(":") for h in given.header)}
    body = None if given.data is None else given.data.encode()
    method = given.request or ("GET" if body is None else "POST")
    return Request(method, given.url, headers, body, lines)


async def run(client: httpx.AsyncClient, request: Request) -> tuple[int, str, str]:
    """Send a request; gives the status, the media type, and what curl would have printed."""
    headers = {"User-Agent": "curl/8.5.0", "Accept": "*/*", **request.headers}
    sending = client.stream(request.method, request.url, headers=headers, content=request.body)
    async with sending as answer:
        if request.lines is None:
            text = (await answer.aread()).decode()
        else:
            read: list[str] = []
            async for line in answer.aiter_lines():
                read.append(line)
                if len(read) == request.lines:
                    break
            text = "\n".join(read)
    return answer.status_code, answer.headers.get("content-type", ""), text


def _expand(word: str, variables: dict[str, str]) -> str:
    return Template(word).substitute(variables) if "$" in word else word
