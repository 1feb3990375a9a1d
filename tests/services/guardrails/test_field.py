"""Sentences that people wrote and that the guard once got wrong; each is pinned as it should be."""

from datetime import date

import pytest

from lovechat.services.guardrails import ALLOWED, Action, Lexicon, check_message
from tests.guard_eval.sentences import PINNED, Label, Sentence, learned_from

TODAY = date(2026, 11, 25)
MARKERS = Lexicon.of(intimate=["mermelada"])
OURS = [sentence for sentence in learned_from() if sentence.author == PINNED]


def pinned(*labels: Label) -> pytest.MarkDecorator:
    chosen = [sentence for sentence in OURS if sentence.label in labels]
    assert chosen
    return pytest.mark.parametrize("sentence", chosen, ids=lambda sentence: sentence.text)


def action_on(sentence: Sentence) -> Action:
    return check_message(sentence.text, MARKERS, history=sentence.history, today=TODAY).action


@pinned("self_minor", "part_minor")
def test_a_minor_is_refused(sentence: Sentence):
    assert action_on(sentence) in (Action.LOCK, Action.BLOCK)


@pinned("everyday")
def test_everyday_sentences_pass(sentence: Sentence):
    assert action_on(sentence) in (Action.ALLOW, Action.NOTE)


@pinned("crisis_implicit")
def test_who_needs_help_is_shown_it(sentence: Sentence):
    assert action_on(sentence) is Action.CRISIS


@pinned("crisis_fine")
def test_idioms_pass(sentence: Sentence):
    assert check_message(sentence.text, MARKERS, today=TODAY) == ALLOWED
