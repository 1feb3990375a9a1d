"""Prints the scores, writes docs/guard-quality.md, and fails when one misses its target."""

import json
import sys
from pathlib import Path

from lovechat.services.guardrails import GUARD_VERSION
from lovechat.services.guardrails.quality import FIGURES
from tests.guard_eval.measure import Score, measure_all

PAGE = Path(__file__).parents[2] / "docs" / "guard-quality.md"
# What the public page shows of it: the name there, and the set and group here.
SHOWN = {
    "minors": ("P2 minors, by transform", "all"),
    "everyday": ("N1 family and everyday", "all"),
    "crisis": ("C1 crisis, explicit", "all"),
    "idioms": ("C2 idioms", "all"),
    "leaks": ("O1 replies that leaked a character", "all"),
}
# The three lists that the introduction tells of, added up. They cannot be measured again: the rules know them now.
UNSEEN = {"minors": (35, 62), "everyday": (2, 166), "crisis": (12, 37), "idioms": (0, 19)}
_INTRODUCTION = """# How good the guard is

Written by `make guard-eval`; do not edit. Guard version {version}. Everything here runs offline and is generated from
templates with fixed seeds. Marker words that mean nothing of the kind stand for an intimate context, so
these figures are about the rules, not about the words that the product ships as digests. The author of the templates
knew the rules: expect real texts to be harder. Not measured here: public benchmark sets, and whatever needs a model.

How much harder, three lists tell that were written after the rules and tried once, before any correction (they are
pinned in `tests/services/guardrails/test_field.py` since): of people who say that they are minors 12 of 27, 11 of 20 and
12 of 15 were stopped; of minors as a part in the scene, without an intimate context, 6 of 25, 6 of 20 and 10 of 15. Of
everyday sentences 1 of 70, 0 of 50 and 1 of 46 were refused. Crises were seen in 9 of 23 and 3 of 14, idioms wrongly in 0 of 19.

The interval is Wilson's, 95 %. For the first group more is better, for false positives and leaks less is.

| set | group | hits | rate | 95 % interval | target | |
| --- | --- | --- | --- | --- | --- | --- |
"""


def _line(score: Score) -> str:
    low, high = score.interval
    sign = "≥" if score.better == "more" else "≤"
    return (
        f"| {score.name} | {score.group} | {score.hits}/{score.total} | {score.rate:.2%} "
        f"| {low:.2%} to {high:.2%} | {sign} {score.target:.1%} | {'ok' if score.passed else 'MISSED'} |"
    )


def main() -> None:
    scores = measure_all()
    lines = [_line(score) for score in scores]
    print("\n".join(lines))
    if "--examples" in sys.argv:
        for score in scores:
            for text in dict.fromkeys(score.examples if score.group != "all" else []):
                print(f"{score.name} [{score.group}]: {text!r}")
    PAGE.write_text(_INTRODUCTION.format(version=GUARD_VERSION) + "\n".join(lines) + "\n", encoding="utf-8")
    by_set = {(score.name, score.group): (score.hits, score.total) for score in scores}
    shown = {name: by_set[key] for name, key in SHOWN.items()}
    figures = {"version": GUARD_VERSION, "measured": shown, "unseen": UNSEEN}
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    missed = [score for score in scores if not score.passed]
    if missed:
        sys.exit(f"{len(missed)} of {len(scores)} scores miss their target")


if __name__ == "__main__":
    main()
