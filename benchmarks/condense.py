"""How near the briefs come to editors' own summaries: ROUGE-L beside leads in turn and centroid + MMR + position."""

import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from snowballstemmer import stemmer

from benchmarks.data import existing, figure, json_lines, options
from digests.editing.condense import condense
from digests.editing.merit import Opening
from digests.editing.selection import ROOMS, Room
from digests.model.articles import Article, ArticleId
from digests.model.sources import FeedSlug, Outlet, Ownership
from digests.model.stories import Length, Report, Story, StoryId
from digests.model.topics import TopicSlug
from digests.text.sentences import sentences
from digests.text.tokens import terms

_STEMMER = stemmer("porter")
_TOPIC = TopicSlug("any")
_SENTENCES = 4
_UNDATED = datetime(2020, 1, 1, tzinfo=UTC)

Cluster = dict[str, Any]


def main() -> None:
    parser = options("Condense clusters of articles and compare with what an editor wrote.")
    parser.add_argument("--words", type=int, default=65, help="the longest summary, in words")
    chosen = parser.parse_args()
    for path in sorted(existing(chosen.data / "summaries").glob("mds_*.jsonl.gz")):
        clusters = list(json_lines(path))
        name = path.name.removesuffix(".jsonl.gz")
        started = time.perf_counter()
        said = {cluster["id"]: brief(cluster, chosen.words) for cluster in clusters}
        seconds = time.perf_counter() - started
        _figures(name, clusters, said, chosen.words)
        figure(f"condense.{name}.seconds", seconds, "s")
        if chosen.out:
            _write(chosen.out / f"{name}.jsonl", said)


def brief(cluster: Cluster, words: int) -> str:
    """The sentences of the product's brief, or its headline where nothing adds to it."""
    room = Room(sentences=max(_SENTENCES, words // 15), words=words)
    if words > ROOMS[Length.LONG].words:
        # Past a digest's room whole articles are summed up, often two: what a reader may be shown of one article
        # would bind here, and not the choice that is measured.
        many = words // 15
        room = Room(sentences=many, words=words, sentences_an_article=many, words_an_article=words, least=0.0)
    reports = tuple(report_of(number, document) for number, document in enumerate(cluster["docs"]))
    made = condense(Story(id=StoryId(1), reports=reports), _TOPIC, room)
    return " ".join(sentence.text for sentence in made.sentences) or made.headline


def leads(cluster: Cluster, words: int) -> str:
    """First sentences of all documents, then second ones, while they fit."""
    split = [sentences(document["text"]) for document in cluster["docs"]]
    said: list[str] = []
    for place in range(max(map(len, split))):
        for each in split:
            if place < len(each) and len(" ".join([*said, each[place]]).split()) <= words:
                said.append(each[place])
    return " ".join(said)


def centroid(cluster: Cluster, words: int, rarity: Callable[[str], float]) -> str:
    """Sentences near the mean of the documents, early and unlike one another, while they fit."""
    middle: Counter[str] = Counter()
    for document in cluster["docs"]:
        middle.update(_vector(f"{document['title']} {document['text']}", rarity))
    middle_size = math.sqrt(sum(weight * weight for weight in middle.values())) or 1.0
    pool = []
    for document in cluster["docs"]:
        for place, sentence in enumerate(sentences(document["text"])):
            near = _vector(sentence, rarity)
            value = sum(weight * middle[term] for term, weight in near.items()) / middle_size + 0.2 / (1 + place)
            pool.append((value, sentence, near))
    said: list[tuple[float, str, dict[str, float]]] = []
    while True:
        room = words - sum(len(sentence.split()) for _, sentence, _ in said)
        fitting = [each for each in pool if each not in said and len(each[1].split()) <= room]
        if not fitting:
            return " ".join(sentence for _, sentence, _ in said)
        said.append(
            max(fitting, key=lambda each: 0.7 * each[0] - 0.3 * max((_dot(each[2], o[2]) for o in said), default=0))
        )


def rouge_l(said: str, gold: str) -> float:
    """F1 of the longest common subsequence of words, 0 to 1; words longer than three letters are stemmed (Porter)."""
    ours, theirs = _words(said), _words(gold)
    if not ours or not theirs:
        return 0.0
    gold_text = Opening(theirs)
    unmatched = gold_text.follow(gold_text.unmatched, ours)
    return 2 * (gold_text.size - unmatched.bit_count()) / (len(ours) + len(theirs))


def _figures(name: str, clusters: list[Cluster], said: dict[str, str], words: int) -> None:
    rarity = _rarity(clusters)
    for split in sorted({cluster.get("split", "") for cluster in clusters}):
        part = [cluster for cluster in clusters if cluster.get("split", "") == split]
        # The learning split is large, and a baseline's figure on every fifth of it is as good.
        part = part[:: max(1, len(part) // 400)]
        for method, make in (
            ("ours", lambda cluster: said[cluster["id"]]),
            ("leads", lambda cluster: leads(cluster, words)),
            ("centroid", lambda cluster: centroid(cluster, words, rarity)),
        ):
            texts = [make(cluster) for cluster in part]
            scores = [rouge_l(text, cluster["reference"]) for text, cluster in zip(texts, part, strict=True)]
            where = f"condense.{name}.{split}.{method}"
            figure(f"{where}.rougeL", 100 * sum(scores) / len(scores), "%")
            figure(f"{where}.words", sum(len(text.split()) for text in texts) / len(texts), "words")
        figure(f"condense.{name}.{split}.clusters", len(part), "clusters")
    figure(f"condense.{name}.longest", max(len(text.split()) for text in said.values()), "words")


def report_of(number: int, document: dict[str, Any]) -> Report:
    outlet = Outlet(
        name=document.get("source") or f"Outlet {number}", country="US", ownership=Ownership.PRIVATE, vantage="US"
    )
    article = Article(
        id=ArticleId(number),
        keys=(f"document:{number}",),
        feed=FeedSlug(f"feed-{number}"),
        outlet=outlet,
        title=document["title"],
        text=document["text"],
        url=f"https://example.org/{number}",
        published=_UNDATED,
        first_seen=_UNDATED,
        language="en",
    )
    return Report(article=article, origin=f"{outlet.name} {number}")


def _rarity(clusters: list[Cluster]) -> Callable[[str], float]:
    """Inverse document frequencies of the learning split, or of all where there is none."""
    learnt = [cluster for cluster in clusters if cluster.get("split") == "train"] or clusters
    found: Counter[str] = Counter()
    documents = 0
    for cluster in learnt:
        for document in cluster["docs"]:
            documents += 1
            found.update(set(terms(f"{document['title']} {document['text']}")))
    return lambda term: math.log((documents + 1) / (found[term] + 0.5))


def _vector(text: str, rarity: Callable[[str], float]) -> dict[str, float]:
    weights = {term: (1 + math.log(count)) * rarity(term) for term, count in Counter(terms(text)).items()}
    size = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / size for term, weight in weights.items()}


def _dot(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def _words(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower())]


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return _STEMMER.stemWord(word) if len(word) > 3 else word


def _write(path: Path, said: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for cluster, text in said.items():
            file.write(json.dumps({"id": cluster, "summary": text}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
