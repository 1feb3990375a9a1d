"""Ways to write a text so that it looks the same to a person, and how people really write."""

import random
import re
import unicodedata
from collections.abc import Callable

Transform = Callable[[str, random.Random], str]

_CYRILLIC = str.maketrans("aceopxyi", "асеорхуі")
_GREEK = str.maketrans("aeikoptux", "αειкορτυχ")
_SMALL_CAPITALS = str.maketrans("abcdeghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")
_LEET = str.maketrans("aeiost", "431057")
_WORD = re.compile(r"[a-záéíóúñ]{5,}", re.IGNORECASE)


def plain(text: str, chance: random.Random) -> str:
    return text


def upper(text: str, chance: random.Random) -> str:
    return text.upper()


def mixed_case(text: str, chance: random.Random) -> str:
    return "".join(chance.choice((c.lower(), c.upper())) for c in text)


def between(signs: str) -> Transform:
    """Something invisible behind each letter."""

    def stuff(text: str, chance: random.Random) -> str:
        return "".join(c + chance.choice(signs) for c in text)

    return stuff


def bidi(text: str, chance: random.Random) -> str:
    return f"\u202e{text}\u202c"


def accents(text: str, chance: random.Random) -> str:
    return "".join(c + "\u0301" * (c in "aeiou" and chance.random() < 0.5) for c in text)


def enclosed(text: str, chance: random.Random) -> str:
    return "".join(c + "\u20e3" * (c.isalpha() and c != "ñ") for c in text)


def full_width(text: str, chance: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def mathematical(text: str, chance: random.Random) -> str:
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower())


def circled(text: str, chance: random.Random) -> str:
    return "".join(chr(0x24D0 + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower())


def cyrillic(text: str, chance: random.Random) -> str:
    return text.lower().translate(_CYRILLIC)


def greek(text: str, chance: random.Random) -> str:
    return text.lower().translate(_GREEK)


def small_capitals(text: str, chance: random.Random) -> str:
    return text.lower().translate(_SMALL_CAPITALS)


def _each_word(change: Callable[[str, random.Random], str]) -> Transform:
    def apply(text: str, chance: random.Random) -> str:
        return _WORD.sub(lambda match: change(match[0], chance), text)

    return apply


@_each_word
def leet(word: str, chance: random.Random) -> str:
    return word.lower().translate(_LEET)


@_each_word
def spaced(word: str, chance: random.Random) -> str:
    return f" {' '.join(word)} "


@_each_word
def dotted(word: str, chance: random.Random) -> str:
    return f" {'.'.join(word)} "


@_each_word
def stretched(word: str, chance: random.Random) -> str:
    return re.sub(r"([aeiou])(?!.*[aeiou])", lambda match: match[1] * chance.randint(3, 7), word)


def scrambled(text: str, chance: random.Random, only: frozenset[str]) -> str:
    """The inner letters of the given words out of order."""

    def shuffle(match: re.Match[str]) -> str:
        word = match[0]
        inner = list(word[1:-1])
        chance.shuffle(inner)
        return word[0] + "".join(inner) + word[-1] if word in only else word

    return _WORD.sub(shuffle, text)


TRANSFORMS: dict[str, Transform] = {
    "plain": plain,
    "upper case": upper,
    "mixed case": mixed_case,
    "zero width": between("\u200b\u200c\u200d\u2060\ufeff"),
    "soft hyphen and tags": between("\u00ad\U000e0061"),
    "blank letters": between("\u3164\u115f\u2800\ufe0f"),
    "bidi": bidi,
    "accents": accents,
    "enclosed": enclosed,
    "full width": full_width,
    "mathematical": mathematical,
    "circled": circled,
    "cyrillic": cyrillic,
    "greek": greek,
    "small capitals": small_capitals,
    "leet": leet,
    "spaced": spaced,
    "dotted": dotted,
    "stretched": stretched,
}


def as_people_write(text: str, chance: random.Random) -> str:
    """Lower case, no accents, no punctuation, a slip of the finger: a little of each."""
    if chance.random() < 0.5:
        text = text.lower()
    if chance.random() < 0.5:
        marks = unicodedata.normalize("NFD", text.replace("ñ", "\0").replace("Ñ", "\1"))
        kept = "".join(c for c in marks if not unicodedata.combining(c))
        text = kept.replace("\0", "ñ").replace("\1", "Ñ")
    if chance.random() < 0.4:
        text = text.strip(".!?¡¿")
    if chance.random() < 0.3:
        words = text.split(" ")
        place = chance.randrange(len(words))
        word = words[place]
        if len(word) > 5 and word.isalpha():
            cut = chance.randrange(1, len(word) - 2)
            words[place] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
        text = " ".join(words)
    if chance.random() < 0.2:
        text += chance.choice((" 😂", " jaja", " lol", " <3", "!!", "...", " 🙏", " xd"))
    return text
