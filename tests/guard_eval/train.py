"""`make guard-train`: trains the four models of `learned` on the sentences, and says how good they are.

Each sentence is scored once by a model that has seen nothing of its author: authors are left out in groups. The borders
are set on those scores, so that of the negatives no more than certain shares are over them.
"""

import random
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from lovechat.services.guardrails.learned import (
    BUCKETS,
    TARGETS,
    WEIGHTS,
    Certainty,
    Learned,
    Model,
    Target,
    buckets,
    question_in,
    tokens,
)
from lovechat.services.guardrails.normalize import normalize
from tests.guard_eval import unseen
from tests.guard_eval.sentences import KNOWN, PINNED, Label, Sentence, learned_from, made_of, turns

YEAR = 2026
# A sentence without a turn before it gets one as often as this, so that having one tells nothing.
ASKED = 0.5
FOLDS = 12  # groups of authors
RARE = 2  # sentences that a feature must be in
PINNED_COUNT = 20  # what the guard once got wrong it shall not get wrong again
STRENGTH = 0.01  # of the weights, against being kept small
FINEST = 127  # what a weight in the file can be at most
NEVER = -1e9

Shares = tuple[float, float]


@dataclass(frozen=True)
class Task:
    """What a model should find, among what; sentences of other labels are left out.

    `sure`, `likely` and `possible` say how many of the `hard` labels, which look alike, and of the `easy`
    ones may be over these borders.
    """

    positive: tuple[Label, ...]
    hard: tuple[Label, ...]
    easy: tuple[Label, ...]
    sure: Shares
    likely: Shares | None = None
    possible: Shares | None = None

    @property
    def labels(self) -> tuple[Label, ...]:
        return (*self.positive, *self.hard, *self.easy)


_CRISES: tuple[Label, ...] = ("crisis_explicit", "crisis_implicit")
TASKS: dict[Target, Task] = {
    "crisis": Task(
        _CRISES, ("crisis_fine",), ("everyday", "adult_ok", "part_ok", "part_minor"), (0.03, 0.006)
    ),
    "speaker": Task(
        ("self_minor",), ("adult_ok",), ("everyday", "part_ok", "crisis_fine"),
        sure=(0.012, 0.0003), likely=(0.03, 0.002), possible=(0.2, 0.02),
    ),
    "participant": Task(
        ("part_minor",), ("part_ok",), ("everyday", "adult_ok", "crisis_fine", *_CRISES), (0.02, 0.001)
    ),
    "persona": Task(("persona_minor",), ("persona_ok",), (), (0.02, 0), possible=(0.15, 0)),
}  # fmt: skip


def found_in(sentence: Sentence, turn: str = "") -> set[int]:
    """A sentence's features, behind the turn before it, or another where there is none."""
    turn = sentence.history[-1] if sentence.history else turn
    asked = question_in(normalize(turn).joined, YEAR) if turn else []
    return buckets(tokens(normalize(sentence.text).joined, YEAR), asked)


def behind_a_turn(sentence: Sentence, chance: random.Random) -> set[int]:
    """A sentence's features to learn from: some stand behind a turn that is not theirs."""
    other = chance.random() < ASKED and not sentence.label.startswith("persona")
    return found_in(sentence, chance.choice(turns()) if other else "")


def weighted(found: Sequence[set[int]]) -> np.ndarray:
    """How much each feature counts, by its rareness; nothing where it is too rare."""
    counts = Counter(bucket for row in found for bucket in row)
    weights = np.zeros(BUCKETS)
    for bucket, count in counts.items():
        if count >= RARE:
            weights[bucket] = log((1 + len(found)) / (1 + count)) + 1
    return weights


def as_matrix(found: Sequence[set[int]], weights: np.ndarray) -> csr_matrix:
    """A row a sentence, with its features that are not rare."""
    columns = [np.fromiter((bucket for bucket in sorted(row) if weights[bucket]), int) for row in found]
    starts = np.cumsum([0, *map(len, columns)])
    places = np.concatenate(columns)
    return csr_matrix((weights[places], places, starts), (len(found), BUCKETS))


class Fit:
    """A logistic regression in which a feature counts more the more it differs between the classes.

    Wang and Manning, "Baselines and bigrams", ACL 2012; their log-count ratio is taken to the power of a half.
    """

    def __init__(self, rows: csr_matrix, wanted: np.ndarray, counts: np.ndarray) -> None:
        """`counts` says as how many sentences each row counts."""
        there = rows > 0
        inside, outside = (np.asarray(there[which].sum(0)).ravel() + 0.5 for which in (wanted, ~wanted))
        self._ratio = np.sqrt(np.abs(np.log((inside / inside.sum()) / (outside / outside.sum()))))
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
        self._model = model.fit(rows @ diags(self._ratio), wanted, counts)

    @property
    def weights(self) -> np.ndarray:
        """What a feature of a row adds to its score."""
        return self._model.coef_[0] * self._ratio

    @property
    def bias(self) -> float:
        return float(self._model.intercept_[0])

    def scores(self, rows: csr_matrix) -> np.ndarray:
        return rows @ self.weights + self.bias


class Trial:
    """One task on its sentences, and on those of other labels, which it has not seen either."""

    def __init__(
        self, task: Task, everything: Sequence[Sentence], learned: csr_matrix, read: csr_matrix
    ) -> None:
        """`learned` and `read` are the sentences as they are learned from, and as they are scored."""
        self.task = task
        self.labels = np.array([row.label for row in everything])
        self._authors = np.array([row.author for row in everything])
        self._learned, self._read = learned, read
        self._counts = np.where(self._authors == PINNED, PINNED_COUNT, 1)
        self._ours = np.isin(self.labels, task.labels)
        self.whole = self._fit(self._ours)
        self.scores = self._unseen()

    def _fit(self, chosen: np.ndarray) -> Fit:
        wanted = np.isin(self.labels[chosen], self.task.positive)
        return Fit(self._learned[chosen], wanted, self._counts[chosen])

    def _unseen(self) -> np.ndarray:
        """Each sentence's score by a model that was trained without its author; NaN of known authors."""
        scores = np.full(len(self.labels), np.nan)
        authors = sorted(set(self._authors) - KNOWN)
        for group in (authors[first::FOLDS] for first in range(FOLDS)):
            held = np.isin(self._authors, group)
            scores[held] = self._fit(self._ours & ~held).scores(self._read[held])
        return scores

    def scores_of(self, *labels: Label) -> np.ndarray:
        return self.scores[np.isin(self.labels, labels) & ~np.isnan(self.scores)]

    def border(self, shares: Shares | None, otherwise: float) -> float:
        """The lowest score over which no more of the negatives are than may be."""
        if shares is None:
            return otherwise
        negatives = (self.scores_of(*self.task.hard), self.scores_of(*self.task.easy))
        over = [
            np.sort(scores)[::-1][int(share * len(scores))]
            for scores, share in zip(negatives, shares, strict=True)
            if len(scores)
        ]
        return round(float(max(over)) + 1e-4, 4)

    def report(self, model: Model) -> None:
        for label in self.task.labels:
            scores = self.scores_of(label)
            shares = [np.mean(scores >= border) for border in (model.sure, model.likely, model.possible)]
            print(f"  {label:16} {len(scores):5}" + "".join(f" {share:7.1%}" for share in shares))


def model_of(trial: Trial, frequency: np.ndarray) -> Model:
    """What goes into the file: whole numbers, and the borders."""
    weights = trial.whole.weights * frequency
    scale = float(np.abs(weights).max()) / FINEST
    sure = trial.border(trial.task.sure, NEVER)
    likely = trial.border(trial.task.likely, sure)
    possible = trial.border(trial.task.possible, NEVER)
    finest = array("b", np.round(weights / scale).astype(int).tolist())
    return Model(finest, scale, trial.whole.bias, sure, likely, possible)


@threadpool_limits.wrap(limits=1)  # of these short sums each is done before another thread has begun
def main() -> None:
    chance = random.Random(1)
    everything = learned_from()
    learned = [behind_a_turn(row, chance) for row in everything]
    frequency = weighted(learned)
    matrices = as_matrix(learned, frequency), as_matrix([found_in(row) for row in everything], frequency)
    models: dict[Target, Model] = {}
    certainties: list[dict[Target, Certainty]] = [{} for _ in everything]
    for target in TARGETS:
        trial = Trial(TASKS[target], everything, *matrices)
        models[target] = model_of(trial, frequency)
        print(f"{target}: of sentences of authors that it has not seen, sure, likely and possible are")
        trial.report(models[target])
        for found, score in zip(certainties, trial.scores, strict=True):
            if certainty := models[target].certainty(float(score)):
                found[target] = certainty
    Learned(models).dump(WEIGHTS, made_of())
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size // 1024} KB")
    unseen.write(zip(everything, certainties, strict=True))


if __name__ == "__main__":
    main()
