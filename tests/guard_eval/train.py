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

import numpy as np  # ty: ignore[import-not-found]
from scipy.sparse import csr_matrix, diags  # ty: ignore[import-not-found]
from sklearn.linear_model import LogisticRegression  # ty: ignore[import-not-found]
from threadpoolctl import threadpool_limits  # ty: ignore[import-not-found]

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


def found_in(sentence: Sentence, chance: random.Random) -> set[int]:
    """A sentence's features, behind a question."""
    history = sentence.history[-1:] or ((chance.choice(turns()),) if chance.random() < ASKED else ())
    if sentence.label.startswith("persona"):
        history = ()
    asked = question_in(normalize(history[-1]).joined, YEAR) if history else []
    return buckets(tokens(normalize(sentence.text).joined, YEAR), asked)


def as_matrix(found: Sequence[set[int]]) -> tuple[csr_matrix, np.ndarray]:
    """A row a sentence, with its features that are not rare; and how much each counts, by its rareness."""
    counts = Counter(bucket for row in found for bucket in row)
    weights = np.zeros(BUCKETS)
    for bucket, count in counts.items():
        if count >= RARE:
            weights[bucket] = log((1 + len(found)) / (1 + count)) + 1
    columns = [np.fromiter((bucket for bucket in sorted(row) if weights[bucket]), int) for row in found]
    starts = np.cumsum([0, *map(len, columns)])
    places = np.concatenate(columns)
    return csr_matrix((weights[places], places, starts), (len(found), BUCKETS)), weights


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

    def __init__(self, task: Task, everything: Sequence[Sentence], matrix: csr_matrix) -> None:
        self.task = task
        self.labels = np.array([row.label for row in everything])
        self._authors = np.array([row.author for row in everything])
        self._matrix = matrix
        self._counts = np.where(self._authors == PINNED, PINNED_COUNT, 1)
        self._ours = np.isin(self.labels, task.labels)
        self.whole = self._fit(self._ours)
        self.scores = self._unseen()

    def _fit(self, chosen: np.ndarray) -> Fit:
        wanted = np.isin(self.labels[chosen], self.task.positive)
        return Fit(self._matrix[chosen], wanted, self._counts[chosen])

    def _unseen(self) -> np.ndarray:
        """Each sentence's score by a model that was trained without its author; NaN of known authors."""
        scores = self.whole.scores(self._matrix)
        authors = sorted(set(self._authors[self._ours]) - KNOWN)
        for group in (authors[first::FOLDS] for first in range(FOLDS)):
            own = self._ours & np.isin(self._authors, group)
            scores[own] = self._fit(self._ours & ~own).scores(self._matrix[own])
        scores[np.isin(self._authors, list(KNOWN))] = np.nan
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
    matrix, frequency = as_matrix([found_in(row, chance) for row in everything])
    models: dict[Target, Model] = {}
    certainties: list[dict[Target, Certainty]] = [{} for _ in everything]
    for target in TARGETS:
        trial = Trial(TASKS[target], everything, matrix)
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
