"""A part of the evaluation, in every run of the suite; the whole is `make guard-eval`."""

import random

from lovechat.services.guardrails import check_message
from tests.guard_eval import everyday, minors
from tests.guard_eval.measure import TODAY, Score, leaked, measure_crises, measure_everyday, violation_in
from tests.guard_eval.transforms import TRANSFORMS


def test_a_sample_of_each_transform_is_seen_through():
    cases = minors.plain_cases()
    for name, transform in TRANSFORMS.items():
        chance = random.Random(name)
        for _, text in cases[::21]:
            written = transform(text, chance)
            assert not check_message(written, minors.LEXICON, today=TODAY).allowed, (name, written)


def test_everyday_sentences_and_crises_meet_their_targets():
    assert len(everyday.cases()) >= 1200
    for score in (*measure_everyday(), *measure_crises()):
        assert score.passed, (score.name, score.group, score.rate)


def test_replies_leak_nothing():
    chance = random.Random(9)
    for _, text in minors.plain_cases(60, seed=8):
        before = "un rato de calma en casa. " * chance.randint(0, 20)
        assert leaked(before + text, len(before) + violation_in(text), chance) == 0


def test_wilsons_interval():
    low, high = Score("", "", 600, 600, 0.995).interval
    assert round(high, 9) == 1
    assert 0.993 < low < 0.994
    low, high = Score("", "", 5, 100, 0).interval
    assert (round(low, 3), round(high, 3)) == (0.022, 0.112)
