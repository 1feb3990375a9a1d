"""From what the rules find to a verdict."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from lovechat.services.guardrails.crisis import find_crisis, find_encouragement
from lovechat.services.guardrails.learned import Certainty, Target
from lovechat.services.guardrails.lexicon import CHILDLIKE, EUPHEMISM, FORBIDDEN, INTIMATE, Lexicon
from lovechat.services.guardrails.minors import Minors, Role, find_minors
from lovechat.services.guardrails.normalize import Normalized, normalize
from lovechat.services.guardrails.reading import read
from lovechat.services.guardrails.verdict import ALLOWED, Action, Verdict

# Rules that see no more than a number of years in what describes a character.
_AGES = frozenset(("described_age", "described_span", "described_bare_age"))
# Words of a text about which the model may know better than a rule.
_SHORTEST_RULED_OUT = 8

_SENTENCE_END = re.compile(r"[.!?;]+")


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the rules found in one text."""

    minors: Minors
    categories: frozenset[str]
    crisis: tuple[str, ...]
    encouragement: tuple[str, ...]
    codes: str
    # The text as the models read it.
    joined: str = ""
    # A word has the letters of an intimate term in another order: weak evidence.
    scrambled: bool = False
    # What the models make of the text, where they were asked.
    learned: Mapping[Target, Certainty] = field(default_factory=dict)

    @property
    def intimate(self) -> bool:
        """Whether the text is of an intimate kind."""
        return INTIMATE in self.categories

    @property
    def signals(self) -> tuple[str, ...]:
        """What fired, by name."""
        models = (f"learned_{target}" for target, found in self.learned.items() if found != "unlikely")
        return (*self.minors.signals, *sorted(self.categories), *self.crisis, *self.encouragement, *models)


def examine(
    text: str, lexicon: Lexicon, today: date, *, described: bool = False, open_end: bool = False
) -> Findings:
    """Read a text once and apply every rule. For `described` and `open_end` see `find_minors`."""
    readings = normalize(text)
    codes = read(readings, today)
    minors = find_minors(codes, described=described, open_end=open_end)
    categories = lexicon.categories(readings)
    scrambled = lexicon.has_scrambled(readings)
    # Weak evidence counts only where a minor is spoken of.
    if minors.role is Role.MENTION and scrambled:
        categories.add(INTIMATE)
    if minors.past and minors.harmed and _tells_of_another(readings, lexicon, today):
        minors = replace(minors, harmed=False)
    if EUPHEMISM in categories:
        categories, minors = _with_euphemism(categories, minors, described=described)
    return Findings(
        minors,
        frozenset(categories),
        find_crisis(codes),
        find_encouragement(codes, open_end=open_end),
        codes,
        readings.joined,
        scrambled,
    )


def _tells_of_another(readings: Normalized, lexicon: Lexicon, today: date) -> bool:
    """Whether a sentence about a minor is an intimate one and not of the writer's own childhood."""
    for sentence in _SENTENCE_END.split(readings.joined):
        if INTIMATE in lexicon.categories(normalize(sentence)):
            minors = find_minors(read(normalize(sentence), today))
            if minors.role is not Role.NONE and not minors.past:
                return True
    return False


def _with_euphemism(categories: set[str], minors: Minors, *, described: bool) -> tuple[set[str], Minors]:
    """A literary name for a child: what a character is called it is; in a message it is a mention."""
    if described:
        return categories | {CHILDLIKE}, minors
    if minors.role is Role.NONE:
        return categories, Minors(Role.MENTION, (EUPHEMISM,))
    return categories, minors


def decide(
    found: Findings, speaker: Action, context: Iterable[str] = (), also: Iterable[str] = ()
) -> Verdict:
    """The verdict on what was found. `speaker` is for who says of themselves that they are a minor.

    `context` names what the conversation so far adds: signals that make a mention an intimate one. `also` names
    what else led here.
    """
    context = tuple(context)
    signals = (*found.signals, *context, *also)
    minors, categories, learned = found.minors, found.categories, found.learned
    likely = {target for target, certainty in learned.items() if certainty != "unlikely"}
    # Of what describes a character a number alone tells little: it may be how old her children are.
    weak = learned.get("persona") == "unlikely" and _AGES.issuperset(minors.signals)
    part = minors.role is Role.PARTICIPANT and not weak
    # What a rule finds and the model rules out is for a human to judge: a quotation, for example.
    long_enough = len(found.joined.split()) >= _SHORTEST_RULED_OUT
    said = minors.role is Role.SPEAKER and not (long_enough and learned.get("speaker") == "unlikely")
    # Of a part in a scene the model knows less than the rule.
    sure = learned.get("speaker") == "sure" and not part
    spoken_of = minors.role is not Role.NONE
    # Only a person has a childhood to tell of; a model's words and a character are fiction.
    disclosed = speaker is Action.LOCK and minors.past and minors.harmed
    if disclosed:
        signals = (*signals, "crisis_disclosure")
    ranked = (
        (said or sure, speaker, "minor_speaker"),
        (part and (found.intimate or bool(context)), Action.BLOCK, "minor_scene"),
        (part or CHILDLIKE in categories, Action.BLOCK, "minor_participant"),
        (FORBIDDEN in categories, Action.BLOCK, "forbidden_content"),
        (bool(context), Action.BLOCK, "minor_context"),
        # Whoever tells what was done to them as a child gets help, not a refusal.
        (disclosed, Action.CRISIS, "crisis_disclosure"),
        (spoken_of and found.intimate, Action.BLOCK, "minor_context"),
        # A word of despair opens no door: the refusal comes with the help.
        (bool(likely & {"participant", "persona"}), Action.BLOCK, "minor_participant"),
        (learned.get("speaker") == "likely", Action.BLOCK, "age_unclear"),
        (found.crisis == ("crisis_eating",), Action.CRISIS, "crisis_eating"),
        (bool(found.crisis) or "crisis" in likely, Action.CRISIS, "crisis_self_harm"),
        (minors.unclear or minors.role is Role.SPEAKER, Action.NOTE, "age_unclear"),
    )
    for applies, action, reason in ranked:
        if applies:
            return Verdict(action, reason, signals)
    return Verdict(ALLOWED.action, signals=signals)


def decide_reply(found: Findings, context: Sequence[str] = ()) -> Verdict:
    """The verdict on a model's words: nobody is locked, and words that push towards harm are blocked."""
    verdict = decide(found, Action.BLOCK, context)
    if verdict.allowed and found.encouragement:
        return Verdict(Action.BLOCK, "harm_encouraged", verdict.signals)
    if verdict.action in (Action.CRISIS, Action.NOTE):
        # A character's own words are no sign of how the person is.
        return Verdict(ALLOWED.action, signals=verdict.signals)
    return verdict
