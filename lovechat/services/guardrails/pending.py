"""Which words at the end of a text could still become part of something that a rule is about.

A rule matches words in a row, so a word may be let go once no rule has begun to match at it or before.
"Begun" is what a partial match says: the text ends while a rule still holds.
"""

import re
from datetime import date

import regex

from lovechat.services.guardrails import crisis_rules, minor_rules
from lovechat.services.guardrails.lexicon import LONGEST_TERM
from lovechat.services.guardrails.minors import LOOKAHEAD
from lovechat.services.guardrails.normalize import is_letter, normalize
from lovechat.services.guardrails.reading import GRAMMAR, read

_TOKEN = re.compile(r"\S+")
_RULES = [
    regex.compile(GRAMMAR.rules[name].pattern)
    for group in (
        minor_rules.SPEAKER,
        minor_rules.SPEAKER_NEGATED,
        minor_rules.PARTICIPANT,
        minor_rules.PARTICIPANT_THIRD,
        minor_rules.MENTION,
        minor_rules.MENTION_FAMILY,
        minor_rules.PAST,
        minor_rules.REWRITES,
        crisis_rules.ENCOURAGEMENT,
    )
    for name in group
]
# A term of the lexicon is known once its last word is there.
_WORDS = LONGEST_TERM - 1


def settled(text: str, today: date) -> int:
    """Up to which position of a text nothing can become part of a match, whatever follows the text.

    That is the beginning of a word: letters that stand apart are one word, and the last word, which
    may go on, is never settled.
    """
    tokens = [(match.start(), sum(map(is_letter, match[0]))) for match in _TOKEN.finditer(text)]
    kept = _kept_for_words([letters for _, letters in tokens])
    if not kept:
        return 0
    begun = _begun(read(normalize(text[: tokens[-1][0]]), today))
    while kept and len(read(normalize(text[: tokens[kept][0]]), today)) > begun:
        kept -= 1
    while kept and tokens[kept - 1][1] <= 1:
        kept -= 1
    return tokens[kept][0]


def _kept_for_words(letters: list[int]) -> int:
    """From which token on the text has the last word and so many before it as a term may have."""
    words = 0
    for place in range(len(letters) - 1, -1, -1):
        words += letters[place] > 1
        if words > _WORDS:
            return place
    return 0


def _begun(codes: str) -> int:
    """Where the first match begins that is not over, or whose end is too near to be sure of it."""
    sure = len(codes) - LOOKAHEAD
    first = len(codes)
    for rule in _RULES:
        for match in rule.finditer(codes, partial=True):
            if match.start() >= first:
                break
            if match.partial or match.end() > sure:
                first = match.start()
                break
    return first


__all__ = ["settled"]
