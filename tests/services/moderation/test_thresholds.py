"""Our own thresholds: what each category does, and that the file says what it should."""

import pytest

from lovechat.services.guardrails import Action
from lovechat.services.moderation import ModerationError, Role, Thresholds, shipped_thresholds
from tests.support.fake_upstream import CATEGORIES

SHIPPED = shipped_thresholds()
NONE = dict.fromkeys(CATEGORIES, 0.0)
ROLES: tuple[Role, Role] = ("user", "assistant")


def judge(role: Role, **scores: float):
    named = {name.replace("__", "-").replace("_", "/"): score for name, score in scores.items()}
    assert named.keys() <= NONE.keys()
    return SHIPPED.judge({**NONE, **named}, role)


@pytest.mark.parametrize("role", ROLES)
def test_romance_between_adults_passes_whatever_its_score(role: Role):
    verdict = judge(role, sexual=1.0)
    assert (verdict.action, verdict.signals) == (Action.ALLOW, ())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "category",
    ["sexual/minors", "self-harm/instructions", "violence/graphic", "illicit", "illicit/violent", "hate",
     "hate/threatening", "harassment/threatening"],
)  # fmt: skip
def test_what_may_not_be_said_is_blocked_and_named(role: Role, category: str):
    verdict = SHIPPED.judge({**NONE, category: 1.0}, role)
    assert verdict.action is Action.BLOCK
    assert verdict.reason == f"moderation_{category}"
    assert len(verdict.reason) <= 40  # what a count's kind may be


def test_a_person_in_a_crisis_is_helped_and_not_refused():
    for category in ("self__harm_intent", "self__harm"):
        verdict = judge("user", **{category: 1.0})
        assert verdict.allowed
        assert verdict.needs_help
    asked = judge("user", self__harm_instructions=0.5)
    assert (asked.action, asked.needs_help) == (Action.CRISIS, True)
    refused = judge("user", self__harm_instructions=1.0)
    assert (refused.allowed, refused.needs_help) == (False, True)


def test_a_character_who_speaks_of_it_is_no_sign_of_how_the_person_is():
    verdict = judge("assistant", self__harm=1.0, self__harm_intent=1.0)
    assert verdict.action is Action.NOTE
    assert not verdict.needs_help
    assert verdict.signals == ("moderation_self-harm", "moderation_self-harm/intent")


def test_below_its_thresholds_nothing_is_said():
    for role in ROLES:
        assert SHIPPED.judge({**NONE, "sexual/minors": 0.19, "violence": 0.5}, role).action is Action.ALLOW
    assert judge("user", sexual_minors=0.2).action is Action.BLOCK


def test_an_answer_that_leaves_out_minors_is_none():
    with pytest.raises(ModerationError):
        SHIPPED.judge({"violence": 0.0}, "user")
    with pytest.raises(ModerationError):
        SHIPPED.judge({}, "assistant")
    assert SHIPPED.judge({"sexual/minors": 0.0}, "user").allowed


def test_every_known_category_but_one_is_decided_on_and_has_a_sound_threshold():
    for table in (SHIPPED.user, SHIPPED.assistant):
        assert table.keys() == set(CATEGORIES) - {"sexual"}
        for limits in table.values():
            set_ones = [limit for limit in (limits.block, limits.help, limits.note) if limit <= 1]
            assert set_ones
            assert min(set_ones) > 0
    assert SHIPPED.version
    assert len(f"moderation-{SHIPPED.version}") <= 20


def test_a_word_that_is_misspelt_in_the_file_is_refused():
    with pytest.raises(TypeError):
        Thresholds.of({"version": "1", "needed": [], "user": {"hate": {"blok": 0.5}}, "assistant": {}})
