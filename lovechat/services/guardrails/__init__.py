"""What may be said here. Pure functions, offline, before anything reaches a model.

Two axes decide: whether a minor has a part in the text and which (`minors`), and whether the text
is of an intimate kind (`lexicon`). Family and everyday sentences have the first without the
second, and pass. A crisis (`crisis`) never blocks: it says that help should be shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lovechat.core.clock import day_of, now
from lovechat.services.guardrails.judge import decide, decide_reply, examine
from lovechat.services.guardrails.learned import Reader, Target, models
from lovechat.services.guardrails.lexicon import Lexicon, shipped_lexicon
from lovechat.services.guardrails.normalize import normalize
from lovechat.services.guardrails.output import OutputGuard
from lovechat.services.guardrails.verdict import ALLOWED, Action, Verdict
from lovechat.services.guardrails.window import Window

# Raised with each change of what may pass: counts and doubts say of which version they are.
GUARD_VERSION = "3"

# Words of a character that say something about it; a name and a tone alone are not for the model.
_SHORTEST_SHEET = 6
_OF_MESSAGES: tuple[Target, ...] = ("crisis", "speaker", "participant")


def check_message(
    text: str,
    lexicon: Lexicon | None = None,
    *,
    history: Sequence[str] = (),
    today: date | None = None,
    learned: Reader | None = None,
) -> Verdict:
    """What to do with a person's message.

    `history` holds the turns before it, oldest first; of more than `window.TURNS` the last ones count.
    `LOCK` means that the writer says of themselves that they are a minor. `learned` is for other models
    than those of the product.
    """
    lexicon, today = lexicon or shipped_lexicon(), today or day_of(now())
    found = examine(text, lexicon, today)
    asked = normalize(history[-1]).joined if history else ""
    reader = learned or models()
    found = replace(found, learned=reader.read(found.joined, today.year, _OF_MESSAGES, asked))
    window = Window(history, lexicon, today)
    if history and found.minors.role not in ("speaker", "participant"):
        if answered := window.answered(text, yes_and_no=True):
            found = replace(found, minors=answered)
        elif (split := window.split(text)) is not None:
            return decide(split, Action.LOCK, also=["window_split"])
    return decide(found, Action.LOCK, window.context(found))


def check_reply(
    text: str, lexicon: Lexicon | None = None, *, history: Sequence[str] = (), today: date | None = None
) -> Verdict:
    """What to do with a model's words; a character who says to be a minor is blocked."""
    lexicon, today = lexicon or shipped_lexicon(), today or day_of(now())
    found = examine(text, lexicon, today)
    window = Window(history, lexicon, today)
    if history and (answered := window.answered(text, yes_and_no=False)):
        found = replace(found, minors=answered)
    return decide_reply(found, window.context(found))


def check_persona(
    fields: Sequence[str],
    lexicon: Lexicon | None = None,
    *,
    boundaries: Sequence[str] = (),
    today: date | None = None,
    learned: Reader | None = None,
) -> Verdict:
    """What to do with the fields of a character, each and all together.

    `boundaries` tell the character what not to do. They may speak of minors, "nothing with children", and
    are refused only where they say that the character is one.
    """
    lexicon, today = lexicon or shipped_lexicon(), today or day_of(now())
    for text in boundaries:
        verdict = decide(examine(text, lexicon, today), Action.BLOCK)
        if not verdict.allowed:
            return verdict
    sheet = " | ".join(normalize(field).joined for field in fields)
    long_enough = len(sheet.split()) - len(fields) + 1 >= _SHORTEST_SHEET
    certainty = (learned or models()).read(sheet, today.year, ("persona",)) if long_enough else {}
    texts = [*fields]
    if len(fields) > 1:
        texts += [". ".join(fields), " ".join(fields)]
    for text in texts:
        verdict = decide(
            replace(examine(text, lexicon, today, described=True), learned=certainty), Action.BLOCK
        )
        if not verdict.allowed:
            return verdict
    return ALLOWED


def check_name(text: str, lexicon: Lexicon | None = None, *, today: date | None = None) -> Verdict:
    """What to do with a name or a title, which others or a model will read."""
    return check_persona([text], lexicon, today=today)


__all__ = [
    "ALLOWED",
    "GUARD_VERSION",
    "Action",
    "Lexicon",
    "OutputGuard",
    "Verdict",
    "check_message",
    "check_name",
    "check_persona",
    "check_reply",
]
