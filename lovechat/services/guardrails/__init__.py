"""What may be said here. Pure functions, offline, before anything reaches a model.

Two axes decide: whether a minor has a part in the text and which (`minors`), and whether the text
is of an intimate kind (`lexicon`). Family and everyday sentences have the first without the
second, and pass.
"""

from lovechat.services.guardrails.lexicon import (
    CHILDLIKE,
    FORBIDDEN,
    INTIMATE,
    Lexicon,
    shipped_lexicon,
)
from lovechat.services.guardrails.minors import Role, minor_role
from lovechat.services.guardrails.normalize import normalize
from lovechat.services.guardrails.verdict import ALLOWED, Action, Verdict

GUARD_VERSION = "1"

# How much of a reply is read again with each new part: longer than any pattern.
_OVERLAP = 240
_STEP = 320


def check_message(text: str, lexicon: Lexicon | None = None) -> Verdict:
    """What to do with a person's message.

    `LOCK` means that the writer says of themselves that they are a minor.
    """
    return _judge(text, Action.LOCK, lexicon or shipped_lexicon())


def check_reply(text: str, lexicon: Lexicon | None = None) -> Verdict:
    """What to do with a model's words; a character who says to be a minor is blocked."""
    return _judge(text, Action.BLOCK, lexicon or shipped_lexicon())


def check_persona(fields: list[str], lexicon: Lexicon | None = None) -> Verdict:
    """What to do with the fields of a character, each and all together."""
    for text in (*fields, ". ".join(fields)):
        verdict = _judge(text, Action.BLOCK, lexicon or shipped_lexicon(), described=True)
        if not verdict.allowed:
            return verdict
    return ALLOWED


def check_name(text: str, lexicon: Lexicon | None = None) -> Verdict:
    """What to do with a name or a title, which others or a model will read."""
    return check_persona([text], lexicon)


class ReplyGuard:
    """Reads a reply as it grows, each part together with what stood before it."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon
        self._read = 0

    def due(self, length: int) -> bool:
        """Whether enough is new, of a text that has `length` characters now, to read it again."""
        return length - self._read >= _STEP

    def check(self, text: str) -> Verdict:
        """Judge what is new of the text so far."""
        verdict = check_reply(text[max(0, self._read - _OVERLAP) :], self._lexicon)
        self._read = len(text)
        return verdict


def _judge(text: str, speaker: Action, lexicon: Lexicon, *, described: bool = False) -> Verdict:
    tracks = normalize(text)
    found = lexicon.categories(tracks.words)
    role = minor_role(tracks.digits, described=described)
    if role is Role.SPEAKER:
        return Verdict(speaker, "minor_speaker")
    if CHILDLIKE in found or role is Role.PARTICIPANT:
        return Verdict(Action.BLOCK, "minor_participant")
    if role is Role.MENTION and INTIMATE in found:
        return Verdict(Action.BLOCK, "minor_context")
    if FORBIDDEN in found:
        return Verdict(Action.BLOCK, "forbidden_content")
    return ALLOWED


__all__ = [
    "ALLOWED",
    "GUARD_VERSION",
    "Action",
    "Lexicon",
    "ReplyGuard",
    "Verdict",
    "check_message",
    "check_name",
    "check_persona",
    "check_reply",
]
