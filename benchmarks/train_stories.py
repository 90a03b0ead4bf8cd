"""Learns the weights of digests/filing/weights.py from labelled groups, and tells how groups it has not learned from fare.

Two regressions: a pair by itself, then a pair among its neighbours, whose probabilities the first one gives. For the
figures a set's stories are dealt out to five parts, and a pair is judged by what was learned without its part.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import mul
from pathlib import Path

from benchmarks.data import existing, figure, options
from benchmarks.regression import logistic_regression
from benchmarks.stories import Set, bcubed, cluster_sets, february, gazetteer, shipped
from digests.filing.company import COMPANY_FEATURES, evidence_among
from digests.filing.evidence import FEATURES
from digests.filing.likeness import LEAST, Likeness, logistic
from digests.filing.linkage import clusters
from digests.filing.sheets import sheet_of
from digests.model.articles import ArticleId

SHARES = {"february": 2.0, "cl_allsides_dense": 1.0, "cl_ecbplus_subtopics": 1.0}
"""How much each set counts; others are unlike the news of the world, or have no dates."""

_FOLDS = 5
_RIDGE = 3.3
_MASS = 2000.0  # what a share of one weighs against the ridge

Pair = tuple[ArticleId, ArticleId]
Weights = tuple[float, tuple[float, ...]]


class Recorder(Likeness):
    """Keeps the evidence on every pair that is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[Pair, tuple[float, ...]] = {}

    def weigh(self, found: tuple[float, ...], a: ArticleId, b: ArticleId) -> float:
        """Note it, and keep no link."""
        self.found[a, b] = found
        return 0.0


@dataclass(slots=True)
class Lesson:
    """A set with the evidence on its pairs, and the part that each labelled article's story was dealt to."""

    of: Set
    found: dict[Pair, tuple[float, ...]]
    part: Mapping[ArticleId, int]

    def sure(self) -> list[tuple[Pair, bool]]:
        """The pairs on which all annotators agree."""
        names = self.of.names
        told = []
        for pair in self.found:
            a, b = (names[article] for article in pair)
            says = {gold[a] == gold[b] for gold in self.of.golds if a in gold and b in gold}
            if len(says) == 1:
                told.append((pair, says.pop()))
        return told


def main() -> None:
    """Print figures by cross-validation, then the module of weights."""
    parser = options(__doc__ or "")
    asked = parser.parse_args()
    sets = [*cluster_sets(existing(asked.data / "clusters")), february(asked.data)]
    lessons = [_lesson(each) for each in sets if each.name in SHARES]
    parts = [None, *range(_FOLDS)]
    alone = {part: _learned(lessons, part) for part in parts}
    for lesson in lessons:
        _add_company(lesson, _judge(lesson, alone))
    among = {part: _learned(lessons, part) for part in parts}
    for lesson in lessons:
        _tell(lesson, _judge(lesson, among))
    if asked.out:
        _write(asked.out, alone[None], among[None])


def _lesson(each: Set) -> Lesson:
    names, relevance = gazetteer(), shipped()
    recorder = Recorder()
    hours: dict[ArticleId, float] = {}
    for _, entries in groupby(each.articles, key=lambda a: a.published.replace(minute=0, second=0, microsecond=0)):
        articles = list(entries)
        old = (articles[-1].published - timedelta(hours=96)).timestamp() / 3600
        recorder.remove([article for article, hour in hours.items() if hour < old])
        hours = {article: hour for article, hour in hours.items() if hour >= old}
        sheets = [sheet_of(a, names, frozenset(match.topic for match in relevance(a))) for a in articles]
        hours.update({sheet.article: sheet.hours for sheet in sheets})
        recorder.add(sheets)
    stories = sorted({story for gold in each.golds[:1] for story in gold.values()})
    random.Random(0).shuffle(stories)
    dealt = {story: number % _FOLDS for number, story in enumerate(stories)}
    part = {article: dealt[each.golds[0][name]] for article, name in each.names.items() if name in each.golds[0]}
    return Lesson(each, recorder.found, part)


def _learned(lessons: Iterable[Lesson], without: int | None) -> Weights:
    rows, targets, weights = [], [], []
    for lesson in lessons:
        told = [
            (lesson.found[pair], same)
            for pair, same in lesson.sure()
            if without is None or without not in {lesson.part[article] for article in pair}
        ]
        share = SHARES[lesson.of.name] * _MASS / len(told)
        rows += [found for found, _ in told]
        targets += [float(same) for _, same in told]
        weights += [share] * len(told)
    return logistic_regression(rows, targets, weights, _RIDGE)


def _judge(lesson: Lesson, learned: Mapping[int | None, Weights]) -> dict[Pair, float]:
    """Each pair's probability by what was learned without the part of its first article, if it is labelled."""
    likely = {}
    for pair, found in lesson.found.items():
        intercept, weights = learned[lesson.part.get(pair[0])]
        likely[pair] = logistic(max(-30.0, intercept + sum(map(mul, weights, found))))
    return likely


def _add_company(lesson: Lesson, likely: Mapping[Pair, float]) -> None:
    links: dict[ArticleId, dict[ArticleId, float]] = {article.id: {} for article in lesson.of.articles}
    for (a, b), probability in likely.items():
        if probability >= LEAST:
            links[a][b] = links[b][a] = probability
    company = evidence_among(links)
    lesson.found = {(a, b): (*company(a, b), *found) for (a, b), found in lesson.found.items() if b in links[a]}


def _tell(lesson: Lesson, likely: Mapping[Pair, float]) -> None:
    links: dict[ArticleId, dict[ArticleId, float]] = {article.id: {} for article in lesson.of.articles}
    for (a, b), probability in likely.items():
        links[a][b] = links[b][a] = probability
    said = defaultdict[str, str](str)
    for number, group in enumerate(clusters(links, links)):
        said.update({lesson.of.names[article]: str(number) for article in group})
    scores = [bcubed(gold, said) for gold in lesson.of.golds]
    for name, values in zip(("precision", "recall", "f1"), zip(*scores, strict=True), strict=True):
        figure(f"train_stories.{lesson.of.name}.cross_validated.{name}", sum(values) / len(values), "ratio")


def _write(path: Path, alone: Weights, among: Weights) -> None:
    size = len(COMPANY_FEATURES)
    number: Callable[[float], str] = "{:.3f}".format
    tuples: Sequence[tuple[str, Sequence[str], Sequence[float]]] = (
        ("ALONE", FEATURES, alone[1]),
        ("AMONG", FEATURES, among[1][size:]),
        ("COMPANY", COMPANY_FEATURES, among[1][:size]),
    )
    text = '"""How much each piece of evidence counts, as benchmarks/train_stories.py learned it from labelled pairs."""\n\n'
    text += f"INTERCEPT_ALONE = {number(alone[0])}\nINTERCEPT_AMONG = {number(among[0])}\n"
    for title, names, weights in tuples:
        text += f"{title} = (\n"
        text += "".join(f"    {number(w)},  # {name}\n" for name, w in zip(names, weights, strict=True)) + ")\n"
    path.write_text(text)


if __name__ == "__main__":
    main()
