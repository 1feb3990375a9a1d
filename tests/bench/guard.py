"""What the guard costs: `python -m tests.bench.guard` writes docs/guard-speed.md.

How long it reads 100 KB of anything, and how long the first words of a reply are held back.
"""

import random
import re
import time
from pathlib import Path

from lovechat.services.guardrails import OutputGuard, check_message
from tests.guard_eval.sentences import turns

PAGE = Path(__file__).parents[2] / "docs" / "guard-speed.md"
SIZE = 100_000
UNITS = [
    "a", "a ", "1 ", "4a ", "a.", "$", "ñ", "n\u0303", "\u3164", "年", '"', "é a ", "a-b", "m...", "m4rk3r1 ",
    "no ", "what ",
    "I'm 15 minutes ", "tengo 15 años de ", "15 years ", "my son is 8 and ", "imagine you are a very ",
    "pretend that ", "you look like ", "como una ", "i don't want to ", "a" * 40 + " ",
]  # fmt: skip
REPLIES = 300
TOKENS_A_SECOND = 40
_TOKEN = re.compile(r"\s*\S{1,4}")
_PAGE = """# What the guard costs

Written by `make bench`; do not edit.

## First words

A reply is held back until it was judged ([decision 29](decisions/0029-replies-are-held-back.md)). A model that writes
{rate} tokens of up to four letters a second, {replies} replies of five sentences each: from the first token to the first word
that is shown it takes

| p10 | p25 | p50 | p75 | p90 | p95 |
| --- | --- | --- | --- | --- | --- |
| {waits} |

This is time on the model's clock, counted in tokens and not measured, so it does not depend on the machine. Judging takes {cpu:.2f} ms
of a processor for each 100 tokens.

## 100 KB of anything

Milliseconds of a processor that `check_message` takes, the best of three, for a text that repeats one thing to its end, and for words
that are all different. No message may be longer than 4,000 characters.

| text | ms |
| --- | --- |
{rows}
"""


def _words() -> str:
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(16_000))


def _milliseconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        check_message(text)
        best = min(best, time.process_time() - begun)
    return best * 1000


def _first_words(text: str) -> tuple[float, int]:
    """Seconds from the first token to the first that is shown, and how many tokens there are."""
    guard = OutputGuard()
    tokens = _TOKEN.findall(text)
    shown = [bool(guard.feed(token)) for token in tokens]
    return (shown.index(True) if True in shown else len(tokens)) / TOKENS_A_SECOND, len(tokens)


def main() -> None:
    chance = random.Random(1)
    replies = [" ".join(chance.sample(turns(), 5)) for _ in range(REPLIES)]
    begun = time.process_time()
    waits, tokens = zip(*map(_first_words, replies), strict=True)
    taken = (time.process_time() - begun) * 1000
    ordered = sorted(waits)
    texts = [(repr(unit[:24]), (unit * SIZE)[:SIZE]) for unit in UNITS]
    texts.append(("words that are all different", _words()))
    rows = sorted(((_milliseconds(text), name) for name, text in texts), reverse=True)
    page = _PAGE.format(
        rate=TOKENS_A_SECOND,
        replies=REPLIES,
        waits=" | ".join(
            f"{1000 * ordered[int(REPLIES * share)]:.0f} ms" for share in (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
        ),
        cpu=taken / sum(tokens) * 100,
        rows="\n".join(f"| {name} | {milliseconds:.0f} |" for milliseconds, name in rows),
    )
    print(page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
