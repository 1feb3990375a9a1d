"""The upstream's clock as words, so that each token says when it was sent.

The clock is CLOCK_MONOTONIC, which all processes of a machine share, in steps of 10 µs. Letters and
not digits, and no vowels: what reads replies finds neither ages nor words in them.
"""

import time

TICKS = 100_000  # a second
WIDTH = 6  # letters
_WRAP = 16**WIDTH  # 168 s
_WRITE = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
_READ = str.maketrans("bcdfghjklmnpqrst", "0123456789abcdef")


def stamp(moment: float | None = None) -> str:
    """A moment of the clock, now unless given, as a word."""
    ticks = int((time.monotonic() if moment is None else moment) * TICKS)
    return format(ticks % _WRAP, f"0{WIDTH}x").translate(_WRITE)


def seconds_since(word: str, moment: float) -> float:
    """How long before a moment the word was stamped; raises `ValueError` for another word."""
    if len(word) != WIDTH:
        raise ValueError(word)
    past = (int(moment * TICKS) - int(word.translate(_READ), 16)) % _WRAP
    return (past - _WRAP if past > _WRAP // 2 else past) / TICKS
