"""A reply is read before it is shown: the end of what has come is held back until it was judged.

As long as a reply is calm, only those words are held back that a rule could still be about (`pending`).
From the first word on that is about a minor or of an intimate kind, the last `HOLD_BACK` letters are: what
comes next may be the other half of what breaks a rule.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from lovechat.core.clock import day_of, now
from lovechat.services.guardrails.judge import Findings, decide_reply, examine
from lovechat.services.guardrails.lexicon import Lexicon, shipped_lexicon
from lovechat.services.guardrails.minors import Role
from lovechat.services.guardrails.normalize import is_letter
from lovechat.services.guardrails.pending import settled
from lovechat.services.guardrails.verdict import ALLOWED
from lovechat.services.guardrails.window import Window

# Letters and digits behind what may be shown: longer than anything that a rule matches. Repeated and
# invisible characters do not count, so nothing can be stretched beyond it.
HOLD_BACK = 160
# Characters of what was shown that are read again with what is new.
CONTEXT = 400
# A text is judged whenever it has grown by so many characters, however it came in.
STEP = 64
# As long as it is calm, often at first, up to so many characters, so that the first words are there soon, then
# less and less often: what is ahead of a reader need not hurry.
CALM_STEPS = ((48, 8), (192, 32), (768, 64), (float("inf"), 128))
# What is read again where nothing was found in what was shown: enough for "my son ... is".
_CALM_CONTEXT = 120
_SENTENCE_ENDS = ".!?\n"


class OutputGuard:
    """Lets a reply through in parts, each after it was judged together with what follows it.

    What is let through depends on the text alone and not on how it is cut into chunks.
    """

    def __init__(
        self, lexicon: Lexicon | None = None, *, history: Sequence[str] = (), today: date | None = None
    ) -> None:
        """`history` holds the turns before the reply, oldest first."""
        self._lexicon = lexicon or shipped_lexicon()
        self._today = today or day_of(now())
        self._window = Window(history, self._lexicon, self._today)
        # The first words of an answer to "how old are you?" mean something only together.
        self._calm = not self._window.asks_age
        self._text = ""
        self._letters = [0]  # how many stand before each position
        self._released = 0
        self._step = CALM_STEPS[0][1]
        self._mentioned = False
        self._intimate = False
        self.verdict = ALLOWED

    @property
    def length(self) -> int:
        """How many characters have come in."""
        return len(self._text)

    def feed(self, chunk: str) -> str:
        """Take more of the reply; returns what may be shown now, nothing after a violation."""
        self._count(chunk)
        self._text += chunk
        begin = self._released
        while self.verdict.allowed and self._step <= len(self._text):
            self._advance(self._step)
            self._step += self._next_step()
        return self._text[begin : self._released]

    def finish(self) -> str:
        """Judge the whole reply and return the rest of it, or nothing if it breaks a rule."""
        if not self.verdict.allowed:
            return ""
        self._judge(examine(self._text, self._lexicon, self._today), self._text)
        if not self.verdict.allowed:
            return ""
        rest, self._released = self._text[self._released :], len(self._text)
        return rest

    def _next_step(self) -> int:
        return next(step for until, step in CALM_STEPS if self._step < until) if self._calm else STEP

    def _count(self, chunk: str) -> None:
        last = self._text[-1:].casefold()
        total = self._letters[-1]
        for character in chunk:
            folded = character.casefold()
            total += folded != last and is_letter(character)
            last = folded
            self._letters.append(total)

    def _advance(self, head: int) -> None:
        """Judge what stands before `head` and let go of what nothing behind it can touch any more."""
        limit = bisect_right(self._letters, self._letters[head] - HOLD_BACK, 0, head + 1) - 1
        limit = max(self._released, self._boundary(limit, self._released))
        calm = limit
        if self._calm:
            calm = max(limit, self._released + settled(self._text[self._released : head], self._today))
        if calm == self._released:
            return
        end = self._boundary(head, self._released)
        part = self._text[self._begin() : end]
        self._judge(examine(part, self._lexicon, self._today, open_end=True), self._text[:end])
        if self.verdict.allowed:
            self._released = calm if self._calm else limit

    def _judge(self, found: Findings, text: str) -> None:
        self._mentioned = self._mentioned or found.minors.role is Role.MENTION
        self._intimate = self._intimate or found.intimate
        self._calm = self._calm and not (self._mentioned or self._intimate or found.scrambled)
        context = self._window.context(found)
        if self._mentioned and self._intimate:
            context = (*context, "reply_context")
        if self._window.answered(text, yes_and_no=False):
            context = (*context, "window_answer")
        verdict = decide_reply(found, context)
        self.verdict = verdict if not verdict.allowed else ALLOWED

    def _begin(self) -> int:
        """Where to read from: the beginning of a sentence, else of a word, before the context."""
        context = _CALM_CONTEXT if self._calm else CONTEXT
        earliest = self._released - context
        if earliest <= 0:
            return 0
        sentence = max(self._text.rfind(end, max(0, earliest - context), earliest) for end in _SENTENCE_ENDS)
        return sentence + 1 if sentence >= 0 else self._boundary(earliest, 0)

    def _boundary(self, limit: int, lowest: int) -> int:
        """The end of the last whole word before a position."""
        while limit > lowest and self._text[limit - 1].isalnum():
            limit -= 1
        return limit


__all__ = ["CALM_STEPS", "CONTEXT", "HOLD_BACK", "STEP", "OutputGuard"]
