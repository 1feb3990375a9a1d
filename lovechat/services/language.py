"""Which of our languages somebody speaks."""

import re

from lovechat.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language

_WORD = re.compile(r"[a-záéíóúüñ']+")
_SPANISH = frozenset(
    [
        "a",
        "al",
        "algo",
        "aquí",
        "bien",
        "buenas",
        "buenos",
        "como",
        "con",
        "cosa",
        "cuando",
        "cuéntame",
        "de",
        "del",
        "dime",
        "día",
        "donde",
        "dónde",
        "el",
        "ella",
        "en",
        "eres",
        "es",
        "esta",
        "estoy",
        "está",
        "gracias",
        "ha",
        "hace",
        "hay",
        "he",
        "hola",
        "hoy",
        "la",
        "las",
        "lo",
        "los",
        "me",
        "mi",
        "mucho",
        "muy",
        "más",
        "nada",
        "no",
        "nos",
        "noche",
        "o",
        "para",
        "pero",
        "por",
        "porque",
        "pues",
        "que",
        "quiero",
        "qué",
        "se",
        "ser",
        "si",
        "sobre",
        "solo",
        "soy",
        "su",
        "sí",
        "tal",
        "te",
        "tengo",
        "tienes",
        "todo",
        "tu",
        "tú",
        "un",
        "una",
        "vale",
        "y",
        "ya",
        "yo",
        "él",
        "cómo",
        "quién",
    ]
)
_ENGLISH = frozenset(
    [
        "a",
        "about",
        "all",
        "am",
        "and",
        "are",
        "at",
        "be",
        "been",
        "but",
        "can",
        "day",
        "do",
        "for",
        "from",
        "good",
        "had",
        "has",
        "have",
        "he",
        "hello",
        "her",
        "hey",
        "hi",
        "him",
        "how",
        "i",
        "i'm",
        "if",
        "in",
        "is",
        "it",
        "it's",
        "just",
        "know",
        "like",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "out",
        "really",
        "said",
        "she",
        "so",
        "some",
        "tell",
        "that",
        "the",
        "them",
        "there",
        "they",
        "this",
        "to",
        "today",
        "told",
        "was",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "yes",
        "you're",
    ]
)
_LETTERS = frozenset("áéíóúñ¿¡")


def detect_language(text: str) -> Language | None:
    """The language of a text by its small words, or None when it gives no sign.

    Two languages need no model; this is wrong only where a text is too short to matter.
    """
    lowered = text.lower()
    words = _WORD.findall(lowered)
    spanish = sum(word in _SPANISH for word in words) + 2 * any(c in _LETTERS for c in lowered)
    english = sum(word in _ENGLISH for word in words)
    if spanish == english:
        return None
    return "es" if spanish > english else "en"


def preferred_language(accept_language: str | None) -> Language | None:
    """The first of our languages that an `Accept-Language` header (RFC 9110, 12.5.4) asks for."""
    wanted: list[tuple[float, str]] = []
    for part in (accept_language or "").split(",")[:20]:
        tag, _, parameters = part.partition(";")
        weight = re.search(r"q=([01](?:\.\d{0,3})?)", parameters)
        wanted.append((-float(weight[1]) if weight else -1.0, tag.strip().lower().partition("-")[0]))
    for weight, tag in sorted(wanted, key=lambda item: item[0]):
        for language in LANGUAGES:
            if tag == language and weight < 0:
                return language
    return None


def reply_language(text: str, earlier: list[str], asked: Language | None) -> Language:
    """The language to answer in: that of the message, else of the latest that tells, else the asked one."""
    for candidate in (text, *reversed(earlier)):
        if (language := detect_language(candidate)) is not None:
            return language
    return asked or DEFAULT_LANGUAGE
