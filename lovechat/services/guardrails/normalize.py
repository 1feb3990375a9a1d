"""Text as the rules read it. What is stored and shown stays as it was written.

Two tracks come out of one pass: in the first digits stay digits, for ages; in the second
digits and signs inside words become the letters they stand for. `ñ` is never folded to
`n`: `años` and `anos` are different words.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# Characters that show nothing but are not of category Cf (Unicode 17, Default_Ignorable_Code_Point
# and the blanks that fonts draw as nothing).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Letters of other alphabets that look like Latin ones (a part of Unicode's UTS 39 table).
_LOOKALIKE_PAIRS = (
    ("а", "a"), ("ь", "b"), ("с", "c"), ("ԁ", "d"), ("е", "e"), ("ё", "e"), ("һ", "h"), ("і", "i"),
    ("ј", "j"), ("ӏ", "l"), ("к", "k"), ("м", "m"), ("ո", "n"), ("п", "n"), ("о", "o"), ("р", "p"),
    ("ԛ", "q"), ("г", "r"), ("ѕ", "s"), ("т", "t"), ("ս", "u"), ("ѵ", "v"), ("ѡ", "w"), ("х", "x"),
    ("у", "y"), ("в", "b"), ("н", "h"), ("α", "a"), ("β", "b"), ("ε", "e"), ("η", "n"), ("ι", "i"),
    ("κ", "k"), ("ν", "v"), ("ο", "o"), ("ρ", "p"), ("τ", "t"), ("υ", "u"), ("χ", "x"), ("ω", "w"),
    ("ı", "i"), ("ɑ", "a"), ("ɡ", "g"), ("ᴀ", "a"), ("ʙ", "b"), ("ᴄ", "c"), ("ᴅ", "d"), ("ᴇ", "e"),
    ("ɢ", "g"), ("ʜ", "h"), ("ɪ", "i"), ("ᴊ", "j"), ("ᴋ", "k"), ("ʟ", "l"), ("ᴍ", "m"), ("ɴ", "n"),
    ("ᴏ", "o"), ("ᴘ", "p"), ("ʀ", "r"), ("ꜱ", "s"), ("ᴛ", "t"), ("ᴜ", "u"), ("ᴠ", "v"), ("ᴡ", "w"),
    ("ʏ", "y"), ("ᴢ", "z"),
)  # fmt: skip
_LOOKALIKE = str.maketrans(dict(_LOOKALIKE_PAIRS))
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_TILDE = "\u0303"
_MIXED_TOKEN = re.compile(r"(?<!\S)(?=\S*[a-zñ])\S*[0-9@$]\S*")
_STRETCHED = re.compile(r"(.)\1{2,}")
_SPACED_LETTERS = re.compile(r"(?<![\w@$])[a-zñ0-9@$](?:[ .\-_*][a-zñ0-9@$]){2,}(?![\w@$])")
_SEPARATORS = re.compile(r"[ .\-_*]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Normalized:
    """One text in two tracks: `digits` for ages and grades, `words` for vocabulary."""

    digits: str
    words: str


def normalize(text: str) -> Normalized:
    """Fold what only looks different, in time linear in the length of the text."""
    # In this order: a compatibility form may stand for an invisible character.
    folded = _drop_invisible(unicodedata.normalize("NFKC", text))
    # Marks go first, so that a look-alike with an accent is one too.
    folded = _drop_marks(folded.casefold()).translate(_LOOKALIKE)
    digits = _SPACES.sub(" ", folded).strip()
    # Twice: joined letters can be stretched, and stretched signs can stand between letters.
    words = _fold_letters(_SPACED_LETTERS.sub(lambda m: _SEPARATORS.sub("", m[0]), _fold_letters(digits)))
    return Normalized(digits, words)


def _fold_letters(text: str) -> str:
    unleeted = _MIXED_TOKEN.sub(lambda m: m[0].translate(_LEET), text)
    return _STRETCHED.sub(r"\1", unleeted)


class _Table(dict[int, str]):
    """A table for `str.translate` that computes each character once."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold

    def __missing__(self, code: int) -> str:
        self[code] = folded = self._fold(chr(code))
        return folded


def _without_marks(character: str) -> str:
    kept = ""
    for part in unicodedata.normalize("NFD", character):
        mark = unicodedata.combining(part) or unicodedata.category(part) == "Me"
        if not mark or (part == _TILDE and kept == "n"):
            kept += part
    return unicodedata.normalize("NFC", kept)


_VISIBLE = _Table(lambda c: "" if _INVISIBLE.match(c) or unicodedata.category(c) == "Cf" else c)
_UNMARKED = _Table(_without_marks)


def _drop_invisible(text: str) -> str:
    return text if text.isascii() else text.translate(_VISIBLE)


def _drop_marks(text: str) -> str:
    if text.isascii():
        return text
    # Composed first, so that an `n` and a tilde that came apart are one letter again.
    return unicodedata.normalize("NFC", text).translate(_UNMARKED)
