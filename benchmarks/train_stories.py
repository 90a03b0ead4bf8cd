"""Learns the weights of digests/filing/weights.py from labelled groups, and tells how groups it has not learned from fare.

Four regressions. Where stories are crowded: a pair by itself, then a pair among its neighbours, whose probabilities the
first one gives. Elsewhere: a pair by itself, from sets whose stories are coarser. Across languages: the first half of the
invented pairs within the stream of February. For the figures a set's stories are dealt out to five parts, and a pair is
judged by what was learned without its part.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import mul
from pathlib import Path

from benchmarks.data import existing, figure, options
from benchmarks.regression import logistic_regression
from benchmarks.stories import Set, bcubed, beside, cluster_sets, cross_language, february, gazetteer, shipped
from digests.filing.company import COMPANY_FEATURES, evidence_among
from digests.filing.evidence import FEATURES
from digests.filing.languages import FEATURES_ACROSS
from digests.filing.likeness import LEAST, Likeness, logistic
from digests.filing.linkage import clusters
from digests.filing.sheets import sheet_of
from digests.model.articles import ArticleId

NEAR = {"february": 2.0, "cl_allsides_dense": 0.3}
"""How much each set counts where stories are crowded."""

AFAR = {"cl_allsides_dense": 1.0, "cl_ecbplus_subtopics": 0.5, "cl_uci_headlines": 0.25}
"""The same elsewhere; cl_googlenews_T_mstream is left for seeing how an unknown set fares."""

_FOLDS = 5
_RIDGE = 3.3
_RIDGE_ACROSS = 5.0
_MASS = 2000.0  # what a share of one weighs against the ridge
_MOST = 20_000  # pairs of a set that are learned from, evenly chosen
_EASE = math.log(0.55 / 0.45) - math.log(0.3 / 0.7)  # afar, .3 is near enough; linkage has one bar for all
_PAIR_ACROSS, _STRANGERS_ACROSS = 3.0, 300.0  # what a labelled pair weighs, and all unlabelled ones together

Pair = tuple[ArticleId, ArticleId]
Weights = tuple[float, tuple[float, ...]]


class Recorder(Likeness):
    """Keeps the evidence on every pair that is looked at, and apart from it on pairs in two languages."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[Pair, tuple[float, ...]] = {}
        self.across: dict[Pair, tuple[float, ...]] = {}

    def weigh(self, found: tuple[float, ...], a: ArticleId, b: ArticleId, *, near: bool) -> float:  # noqa: ARG002
        """Note it, and keep no link."""
        self.found[a, b] = found
        return 0.0

    def weigh_across(self, found: tuple[float, ...], a: ArticleId, b: ArticleId) -> float:
        """The same."""
        self.across[a, b] = found
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
    lessons = {each.name: _lesson(each) for each in sets if each.name in {*NEAR, *AFAR}}
    parts = [None, *range(_FOLDS)]
    afar = {part: _eased(_learned(lessons, AFAR, part)) for part in parts}
    for name in AFAR:
        _tell("afar", lessons[name], _judge(lessons[name], afar))
    alone = {part: _learned(lessons, NEAR, part) for part in parts}
    for name in NEAR:
        _add_company(lessons[name], _judge(lessons[name], alone))
    among = {part: _learned(lessons, NEAR, part) for part in parts}
    for name in NEAR:
        _tell("near", lessons[name], _judge(lessons[name], among))
    if asked.out:
        _write(asked.out, alone[None], among[None], afar[None], _learned_across(lessons["february"].of))


def _eased(learned: Weights) -> Weights:
    return learned[0] + _EASE, learned[1]


def _learned_across(stream: Set) -> Weights:
    pairs = [pair for pair in cross_language() if not pair.held]
    same = {frozenset(article.id for article in pair.articles): pair.same for pair in pairs}
    found = _recorded(beside(stream, [article for pair in pairs for article in pair.articles])).across
    labels = [same.get(frozenset(pair)) for pair in found]
    strange = _STRANGERS_ACROSS / labels.count(None)
    weights = [strange if label is None else _PAIR_ACROSS for label in labels]
    return logistic_regression(list(found.values()), [float(bool(label)) for label in labels], weights, _RIDGE_ACROSS)


def _recorded(each: Set) -> Recorder:
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
    return recorder


def _lesson(each: Set) -> Lesson:
    stories = sorted({story for gold in each.golds[:1] for story in gold.values()})
    random.Random(0).shuffle(stories)
    dealt = {story: number % _FOLDS for number, story in enumerate(stories)}
    part = {article: dealt[each.golds[0][name]] for article, name in each.names.items() if name in each.golds[0]}
    return Lesson(each, _recorded(each).found, part)


def _learned(lessons: Mapping[str, Lesson], shares: Mapping[str, float], without: int | None) -> Weights:
    rows, targets, weights = [], [], []
    for name in shares:
        lesson = lessons[name]
        told = [
            (lesson.found[pair], same)
            for pair, same in lesson.sure()
            if without is None or without not in {lesson.part[article] for article in pair}
        ]
        told = told[:: math.ceil(len(told) / _MOST)]
        share = shares[name] * _MASS / len(told)
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


def _tell(where: str, lesson: Lesson, likely: Mapping[Pair, float]) -> None:
    links: dict[ArticleId, dict[ArticleId, float]] = {article.id: {} for article in lesson.of.articles}
    for (a, b), probability in likely.items():
        links[a][b] = links[b][a] = probability
    said = defaultdict[str, str](str)
    for number, group in enumerate(clusters(links, links)):
        said.update({lesson.of.names[article]: str(number) for article in group})
    scores = [bcubed(gold, said) for gold in lesson.of.golds]
    for name, values in zip(("precision", "recall", "f1"), zip(*scores, strict=True), strict=True):
        figure(f"train_stories.{where}.{lesson.of.name}.cross_validated.{name}", sum(values) / len(values), "ratio")


def _write(path: Path, alone: Weights, among: Weights, afar: Weights, across: Weights) -> None:
    size = len(COMPANY_FEATURES)
    number: Callable[[float], str] = "{:.3f}".format
    tuples: Sequence[tuple[str, Sequence[str], Sequence[float]]] = (
        ("ALONE", FEATURES, alone[1]),
        ("AMONG", FEATURES, among[1][size:]),
        ("COMPANY", COMPANY_FEATURES, among[1][:size]),
        ("AFAR", FEATURES, afar[1]),
        ("ACROSS", FEATURES_ACROSS, across[1]),
    )
    text = '"""How much each piece of evidence counts, as benchmarks/train_stories.py learned it from labelled pairs."""\n\n'
    intercepts = {"ALONE": alone, "AMONG": among, "AFAR": afar, "ACROSS": across}
    text += "".join(f"INTERCEPT_{name} = {number(learned[0])}\n" for name, learned in intercepts.items())
    for title, names, weights in tuples:
        text += f"{title} = (\n"
        text += "".join(f"    {number(w)},  # {name}\n" for name, w in zip(names, weights, strict=True)) + ")\n"
    path.write_text(text)


if __name__ == "__main__":
    main()
