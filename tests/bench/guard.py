"""How long the guard reads 100 KB of anything: `python -m tests.bench.guard`.

CPU time, the best of three runs.
"""

import random
import time

from lovechat.services.guardrails import check_message

SIZE = 100_000
UNITS = [
    "a", "a ", "1 ", "4a ", "a.", "$", "ñ", "n\u0303", "\u3164", "年", '"', "é a ", "a-b", "m...", "m4rk3r1 ",
    "no ", "what ",
    "I'm 15 minutes ", "tengo 15 años de ", "15 years ", "my son is 8 and ", "imagine you are a very ",
    "pretend that ", "you look like ", "como una ", "i don't want to ", "a" * 40 + " ",
]  # fmt: skip


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


def main() -> None:
    rows = [((unit * SIZE)[:SIZE], unit) for unit in [*UNITS, _words()]]
    for taken, size, unit in sorted(
        ((_milliseconds(text), len(text.encode()), unit) for text, unit in rows), reverse=True
    ):
        print(f"{taken:7.1f} ms  {size // 1000:4d} KB  {unit[:24]!r}")


if __name__ == "__main__":
    main()
