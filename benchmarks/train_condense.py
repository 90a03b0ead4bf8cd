"""Learns the weights of digests/editing/merit.py from editors' own summaries, and tells how well others are met."""

from collections.abc import Iterator, Sequence

from benchmarks.condense import Cluster, report_of, rouge_l
from benchmarks.data import existing, figure, json_lines, options
from benchmarks.regression import solve
from digests.editing.merit import WEIGHTS, Draft, Voices, weighed
from digests.editing.selection import ROOMS, Room, candidates, goes_on
from digests.model.stories import Length, Report

_FOLDS = 5
_POOL = 7  # sentences that drafts are made of
_SENTENCES = 3
_RIDGE = 0.3  # features of one kind share their weight then, so that longer accounts are told as well
_ROOM = ROOMS[Length.NORMAL]

Row = tuple[tuple[float, ...], float]  # a draft's features, and how near it came
Rows = list[Row]


def main() -> None:
    parser = options("Learn what a draft is worth from the split train; print the weights and cross-validated figures.")
    chosen = parser.parse_args()
    path = existing(chosen.data / "summaries") / "mds_neus.jsonl.gz"
    stories = [rows for cluster in json_lines(path) if cluster["split"] == "train" and (rows := drafts(cluster))]
    met = [
        nearness(story, weights)
        for fold in range(_FOLDS)
        for weights in [learn([story for place, story in enumerate(stories) if place % _FOLDS != fold])]
        for story in stories[fold::_FOLDS]
    ]
    figure("train_condense.cross_validated.rougeL", 100 * sum(met) / len(met), "%")
    figure("train_condense.best_possible.rougeL", 100 * sum(max(y for _, y in s) for s in stories) / len(stories), "%")
    for name, weight in zip(WEIGHTS, learn(stories), strict=True):
        figure(f"train_condense.weight.{name}", weight, "")


def drafts(cluster: Cluster) -> Rows:
    """All drafts of a few central sentences within a digest's room, and the ROUGE-L of each."""
    reports = tuple(report_of(number, document) for number, document in enumerate(cluster["docs"]))
    return [
        (features, rouge_l(" ".join(each.said.text for each in draft.picked), cluster["reference"]))
        for draft, features in _grown(reports, _ROOM)
    ]


def _grown(reports: Sequence[Report], room: Room) -> Iterator[tuple[Draft, tuple[float, ...]]]:
    pool = weighed([each for each in candidates(reports, reports) if each.said.place >= 0], reports)
    pool = sorted(pool, key=lambda each: -each.echo - each.borne_out)[:_POOL]
    voices = Voices(reports, room.words)
    grown = [voices.start()]
    for _ in range(_SENTENCES):
        grown = [
            voices.extend(draft, each) for draft in grown for each in pool if goes_on(draft, each, frozenset(), room)
        ]
        for draft in grown:
            yield draft, voices.features(draft)


def nearness(story: Rows, weights: Sequence[float]) -> float:
    """How near the draft comes that the weights choose."""
    return max(story, key=lambda row: sum(w * x for w, x in zip(weights, row[0], strict=True)))[1]


def learn(stories: Sequence[Rows]) -> list[float]:
    """Ridge regression within stories: what sets a draft apart from the others of its own story, each story alike."""
    size = len(WEIGHTS)
    square = [[0.0] * size for _ in range(size)]
    right = [0.0] * size
    for story in stories:
        middle = [sum(row[0][k] for row in story) / len(story) for k in range(size)]
        mean = sum(row[1] for row in story) / len(story)
        for features, met in story:
            apart = [feature - m for feature, m in zip(features, middle, strict=True)]
            for i in range(size):
                right[i] += apart[i] * (met - mean) / len(story)
                for k in range(size):
                    square[i][k] += apart[i] * apart[k] / len(story)
    for i in range(size):
        square[i][i] *= 1 + _RIDGE
        square[i][i] += 1e-9
    return solve(square, right)


if __name__ == "__main__":
    main()
