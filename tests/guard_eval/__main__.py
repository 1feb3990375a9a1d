"""Prints the scores, writes docs/guard-quality.md, and fails when one misses its target."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from lovechat.services.guardrails import GUARD_VERSION
from lovechat.services.guardrails.quality import FIGURES
from tests.guard_eval import unseen
from tests.guard_eval.measure import Score, measure_all

PAGE = Path(__file__).parents[2] / "docs" / "guard-quality.md"
# What the public page shows of it: the name there, and the set and group here.
SHOWN = {
    "minors": ("P2 minors, by transform", "all"),
    "everyday": ("N1 family and everyday", "all"),
    "crisis": ("C1 crisis, explicit", "all"),
    "quiet": ("C1 crisis, implicit", "all"),
    "idioms": ("C2 idioms", "all"),
    "leaks": ("O1 replies that leaked a character", "all"),
}
# The same on the sealed sentences.
SHOWN_UNSEEN = {
    "minors": ("says to be a minor: stopped", "a minor takes part: refused"),
    "everyday": ("everyday: refused",),
    "crisis": ("crisis, explicit: helped",),
    "quiet": ("crisis, implicit: helped",),
    "idioms": ("looks like a crisis: helped",),
}
_INTRODUCTION = """# How good the guard is

Written by `make guard-eval`; do not edit. Guard version {version}. Everything here runs offline. The interval is Wilson's,
95 %. Of minors and crises more is better, of false positives and leaks less is.

## Sealed sentences

As people type, without a template, and many of them hard: those who are not minors talk of school, birthdays and their own
children, those who are well say that they die of laughter. They are in `tests/guard_eval/sealed`. Nothing was made to fit them:
no rule, no model, no border. **The targets are those of the generated sets below, and most are missed.** This is how good the
guard is, and why a typed birthdate and a guard are not age assurance.

{sealed}

## Sentences of other authors

More of the same kind, in `tests/guard_eval/sentences`, a file an author. The rules were not written for them. The models
learn from them, but here each sentence is judged by models that have not seen its author (`make guard-train`); only the borders
are set on all of them, so these figures flatter a little.

{unseen}

Of those who say to be minors some are stopped with that message only, and the account is marked: three marks in
thirty days bring it before an admin.

## Generated sets

Made from templates with fixed seeds, in all the disguises that text can take. Marker words that mean nothing of the kind stand
for an intimate context. The author of the templates knew the rules, so these figures tell that the rules do what they are
meant to, whatever the disguise, and not how people write. A miss here fails the command.

{generated}

Not measured here: public benchmark sets, and whatever needs a language model.
"""
_HEAD = """| set | group | hits | rate | 95 % interval | target | |
| --- | --- | --- | --- | --- | --- | --- |
"""


def _line(score: Score) -> str:
    low, high = score.interval
    sign = "≥" if score.better == "more" else "≤"
    return (
        f"| {score.name} | {score.group} | {score.hits}/{score.total} | {score.rate:.2%} "
        f"| {low:.2%} to {high:.2%} | {sign} {score.target:.1%} | {'ok' if score.passed else 'MISSED'} |"
    )


def _table(scores: Iterable[Score]) -> str:
    return _HEAD + "\n".join(map(_line, scores))


def _figures(scores: list[Score], sealed: list[Score]) -> dict[str, object]:
    """What the public page shows."""
    generated = {(score.name, score.group): (score.hits, score.total) for score in scores}
    whole = {score.name: (score.hits, score.total) for score in sealed if score.group == "all"}
    return {
        "version": GUARD_VERSION,
        "measured": {name: generated[key] for name, key in SHOWN.items()},
        "unseen": {
            name: tuple(map(sum, zip(*(whole[one] for one in names), strict=True)))
            for name, names in SHOWN_UNSEEN.items()
        },
    }


def main() -> None:
    scores, sealed = measure_all(), unseen.sealed()
    page = _INTRODUCTION.format(
        version=GUARD_VERSION,
        sealed=_table(sealed),
        unseen=_table(unseen.read()),
        generated=_table(scores),
    )
    print(page)
    if "--examples" in sys.argv:
        for score in scores:
            for text in dict.fromkeys(score.examples if score.group != "all" else []):
                print(f"{score.name} [{score.group}]: {text!r}")
    PAGE.write_text(page, encoding="utf-8")
    FIGURES.write_text(json.dumps(_figures(scores, sealed), indent=2) + "\n", encoding="utf-8")
    missed = [score for score in scores if not score.passed]
    if missed:
        sys.exit(f"{len(missed)} of {len(scores)} scores miss their target")


if __name__ == "__main__":
    main()
