"""What the turns before add to a text: context that is still near, and sentences split over turns."""

from collections.abc import Iterator, Sequence
from datetime import date

from lovechat.services.guardrails.judge import Findings, examine
from lovechat.services.guardrails.lexicon import Lexicon
from lovechat.services.guardrails.minors import Minors, Role
from lovechat.services.guardrails.normalize import normalize
from lovechat.services.guardrails.reading import GRAMMAR, read

TURNS = 8
# Somebody's child and an intimate text have to do with each other within so many turns; a child of
# nobody, or a text that goes on about "her" or "them", within the whole window.
_NEAR_TURNS = 2
# A minor who is spoken of; of the writer too, where a model has ruled out what a rule has found.
_SPOKEN_OF = (Role.MENTION, Role.SPEAKER)
_LONGEST_FRAGMENT = 120  # characters; who splits a sentence over turns writes short ones
_LONGEST_TURN = 2000  # of an earlier turn, what is read again


class Window:
    """The last turns of a conversation, oldest first, of either side."""

    def __init__(self, history: Sequence[str], lexicon: Lexicon, today: date) -> None:
        self._turns = [turn[-_LONGEST_TURN:] for turn in history[-TURNS:]]
        self._lexicon = lexicon
        self._today = today
        self._found: list[Findings] | None = None

    def context(self, found: Findings) -> tuple[str, ...]:
        """Whether a mention here meets an intimate text of an earlier turn, or the other way round."""
        mentioned = found.minors.role in _SPOKEN_OF
        if not self._turns or not (mentioned or found.intimate):
            return ()
        for distance, earlier in enumerate(reversed(self._earlier()), start=1):
            near = distance <= _NEAR_TURNS
            if mentioned and earlier.intimate and (near or not _is_close(found.minors)):
                return ("window_context",)
            before = earlier.minors.role in _SPOKEN_OF
            pronoun = found.minors.pronoun
            if found.intimate and before and (near or pronoun or not _is_close(earlier.minors)):
                return ("window_mention",)
        return ()

    def split(self, text: str, *, described: bool = False) -> Findings | None:
        """What the text says together with the short turns before it, if that is more than alone."""
        if len(text) > _LONGEST_FRAGMENT * 2:
            return None
        for joined in self._joined(text):
            found = examine(joined, self._lexicon, self._today, described=described)
            if found.minors.role in (Role.SPEAKER, Role.PARTICIPANT) and self._is_new(found.minors.role):
                return found
            if found.intimate and found.minors.role is Role.MENTION and self._only_together(text):
                return found
        return None

    @property
    def asks_age(self) -> bool:
        """Whether the last turn asks how old somebody is."""
        if not self._turns:
            return False
        asked = read(normalize(self._turns[-1]), self._today)
        return GRAMMAR.rules["asks_age"].search(asked) is not None

    def answered(self, text: str, *, yes_and_no: bool) -> Minors | None:
        """Whether the text answers a question about the writer's age with that of a minor."""
        if not self._turns:
            return None
        rules = GRAMMAR.rules
        asked = read(normalize(_question(self._turns[-1])), self._today)
        answer = read(normalize(text[:_LONGEST_FRAGMENT]), self._today)
        pairs = [("asks_age", "answers_age")]
        if yes_and_no:
            pairs += [("asks_adult", "answers_no"), ("asks_minor", "answers_yes")]
        for question, reply in pairs:
            if rules[question].search(asked) and rules[reply].search(answer):
                return Minors(Role.SPEAKER, (question, reply))
        return None

    def _is_new(self, role: Role) -> bool:
        """Whether no turn has this role alone: that was judged then, or is a question that the text answers."""
        return all(turn.minors.role is not role for turn in self._earlier())

    def _only_together(self, text: str) -> bool:
        """Whether no turn alone is intimate, or none alone mentions a minor."""
        alone = [*self._earlier(), examine(text, self._lexicon, self._today)]
        return not any(one.intimate for one in alone) or not any(
            one.minors.role is Role.MENTION for one in alone
        )

    def _earlier(self) -> list[Findings]:
        if self._found is None:
            self._found = [examine(turn, self._lexicon, self._today) for turn in self._turns]
        return self._found

    def _joined(self, text: str) -> Iterator[str]:
        """The text behind the short turns before it: all of them, and those of the same side only."""
        seen: set[str] = set()
        for stride in (1, 2):
            parts = [text]
            for turn in self._turns[::-1][stride - 1 :: stride]:
                if len(turn) > _LONGEST_FRAGMENT:
                    break
                parts.append(turn)
            for glue in (" ", ""):
                joined = glue.join(reversed(parts))
                if len(parts) > 1 and joined not in seen:
                    seen.add(joined)
                    yield joined


def _question(turn: str) -> str:
    """The last question of a turn; its last sentence where no mark tells one."""
    mark = turn.rfind("?")
    end = mark if mark >= 0 else len(turn.rstrip(" .!\n"))
    start = max(turn.rfind(sign, 0, end) for sign in ".!?¿\n")
    return turn[start + 1 : end]


def _is_close(minors: Minors) -> bool:
    """Whether the mention is one of the everyday kind, which soon has nothing to do with what follows."""
    return minors.only_family or minors.past
