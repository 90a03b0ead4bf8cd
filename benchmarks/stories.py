"""Which articles report the same event: BCubed against labelled groups, beside TF-IDF in a single pass.

Entries come in the order of time, in passes as in service: what came within an hour is filed together. Pairs of invented
headlines in two languages are told apart within the stream of February; a pair is right where both stand in one story.
"""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from statistics import fmean
from time import perf_counter

from benchmarks.data import existing, figure, json_lines, options
from config.catalogue import load_topics
from config.gazetteer import load_names
from digests.filing.file import Filer
from digests.filing.relevance import Relevance
from digests.model.articles import Article, ArticleId
from digests.model.sources import FeedSlug, Outlet, Ownership
from digests.model.stories import Report, StoryId
from digests.model.topics import Match
from digests.ports import Filing
from digests.text.names import Names
from digests.text.tokens import terms

PAIRS = Path(__file__).parent / "cross_language.tsv"
TOPICS = Path(__file__).parent.parent / "config" / "topics"
_UNDATED = datetime(2020, 1, 1, tzinfo=UTC)  # articles without dates come a second apart, in the file's order
_INVENTED = 1_000_000  # the first number of an invented article
_BASELINE_NEAR, _BASELINE_FADE_HOURS, _BASELINE_WINDOW_HOURS = 0.24, 72.0, 168.0  # as in measure/README.md


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles, and whether they report the same event; `held` ones were not learned from."""

    articles: tuple[Article, Article]
    same: bool
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A stream of articles in the order of time, the set's own names of them, and the labelled groups of some."""

    name: str
    articles: Sequence[Article]
    names: Mapping[ArticleId, str]
    golds: Sequence[Mapping[str, str]]


class Memory:
    """An archive for one run: it hands out the articles of a pass, and remembers where they were placed."""

    def __init__(self) -> None:
        self.coming: list[Article] = []
        self.now = _UNDATED
        self.stories: dict[ArticleId, StoryId] = {}
        self._reports: dict[ArticleId, Report] = {}
        self._order: list[ArticleId] = []

    async def unfiled(self, limit: int) -> tuple[Article, ...]:
        """Those of this pass."""
        return tuple(self.coming[:limit])

    async def placed_since(self, since: datetime) -> tuple[tuple[Report, StoryId], ...]:
        """The last ones filed, back to the first that is too old."""
        recent = []
        for article in reversed(self._order):
            if self._reports[article].article.published <= since:
                break
            recent.append((self._reports[article], self.stories[article]))
        return tuple(reversed(recent))

    async def save_filing(self, filing: Filing) -> None:
        """Note it."""
        filed = {article.id: article for article in self.coming}
        self._order += filing.filed
        self.coming = [article for article in self.coming if article.id not in set(filing.filed)]
        for placement in filing.placements:
            self.stories[placement.article] = placement.story
            if placement.article in filed:
                self._reports[placement.article] = Report(article=filed[placement.article], origin=placement.origin)


def main() -> None:
    """Run every set, print its figures, and write what was said where --out asks for it."""
    asked = options(__doc__ or "").parse_args()
    for each in (*cluster_sets(existing(asked.data / "clusters")), february(asked.data)):
        start = perf_counter()
        said = _as_filed(each)
        seconds = perf_counter() - start
        _print(each.name, each, said)
        _print(f"{each.name}.baseline", each, _single_pass(each))
        figure(f"{each.name}.speed", round(len(each.articles) / seconds), "articles/s")
        if asked.out:
            asked.out.mkdir(parents=True, exist_ok=True)
            lines = (f"{name}\t{said[name]}\n" for name in each.golds[0])
            (asked.out / f"{each.name}.tsv").write_text("id\tstory\n" + "".join(lines), encoding="utf-8")
    stream = february(asked.data)
    _tell_across(stream, cross_language())
    _tell_contest(list(contest(asked.data / "clusters")))


def _tell_across(stream: Set, pairs: Sequence[Pair]) -> None:
    """Half by half, for each of its articles is a stranger to the other half."""
    for half, chosen in (("learned", [p for p in pairs if not p.held]), ("held_out", [p for p in pairs if p.held])):
        invented = [article for pair in chosen for article in pair.articles]
        said = _as_filed(beside(stream, invented))
        _tell_pairs(f"cross_language.{half}", chosen, said)
        pair_of = {str(article.id): number for number, pair in enumerate(chosen) for article in pair.articles}
        together = Counter(said[name] for name in pair_of)
        strangers = {(said[name], number) for name, number in pair_of.items() if together[said[name]] > 1}
        stories = Counter(story for story, _ in strangers)
        figure(f"cross_language.{half}.stories_of_two_pairs", sum(n > 1 for n in stories.values()), "stories")


def _tell_contest(pairs: Sequence[Pair]) -> None:
    """Each language as one stream of articles without dates."""
    for language in ("ru", "en"):
        chosen = [pair for pair in pairs if pair.articles[0].language == language]
        articles = [article for pair in chosen for article in pair.articles]
        names = {article.id: str(article.id) for article in articles}
        said = _as_filed(Set(name=language, articles=articles, names=names, golds=[]))
        _tell_pairs(f"pairs_tgcontest.{language}", chosen, said)


def _tell_pairs(name: str, pairs: Sequence[Pair], said: Mapping[str, str]) -> None:
    joined = [len({said[str(article.id)] for article in pair.articles}) == 1 for pair in pairs]
    right = sum(pair.same and one for pair, one in zip(pairs, joined, strict=True))
    figure(f"{name}.precision", right / max(1, sum(joined)), "ratio")
    figure(f"{name}.recall", right / sum(pair.same for pair in pairs), "ratio")
    figure(f"{name}.pairs", len(pairs), "pairs")


def beside(stream: Set, invented: Sequence[Article]) -> Set:
    articles = sorted((*stream.articles, *invented), key=lambda article: (article.published, article.id))
    return Set(name=stream.name, articles=articles, names={each.id: str(each.id) for each in articles}, golds=[])


@cache
def gazetteer() -> Names:
    """The names that the program ships."""
    return load_names()


@cache
def shipped() -> Callable[[Article], tuple[Match, ...]]:
    """The topics that the program ships."""
    return Relevance(load_topics(TOPICS)).match


def cluster_sets(folder: Path) -> Iterator[Set]:
    for path in sorted(folder.glob("cl_*.jsonl.gz")):
        records = list(json_lines(path))
        articles = [
            _article(
                number,
                record["title"],
                record["text"],
                datetime.fromisoformat(record["published"]).replace(tzinfo=UTC)
                if record["published"]
                else _UNDATED + timedelta(seconds=number),
                record.get("source") or f"unnamed {number}",
            )
            for number, record in enumerate(records)
        ]
        yield Set(
            name=path.name.removesuffix(".jsonl.gz"),
            articles=sorted(articles, key=lambda article: (article.published, article.id)),
            names={ArticleId(number): record["id"] for number, record in enumerate(records)},
            golds=[{record["id"]: record["story"] for record in records}],
        )


def february(data: Path) -> Set:
    entries = json_lines(data / "replay-february" / "entries.jsonl.gz")
    articles = [entry_article(line, entry) for line, entry in enumerate(entries)]
    golds = [
        dict(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        for path in sorted(existing(data / "labels").glob("[EF]_stories_*.tsv"))
    ]
    return Set(
        name="february",
        articles=sorted(articles, key=lambda article: (article.published, article.id)),
        names={article.id: str(article.id) for article in articles},
        golds=golds,
    )


def entry_article(line: int, entry: Mapping[str, str]) -> Article:
    """An entry of a replay, under the number of its line."""
    published = datetime.fromisoformat(entry["published"])
    return _article(line, entry["title"], entry["summary"], published, entry["feed"])


def cross_language() -> list[Pair]:
    """The invented pairs; their articles are numbered from a million."""
    told, held = PAIRS.read_text(encoding="utf-8").split("# held out\n")
    pairs = []
    for line, is_held in ((line, text is held) for text in (told, held) for line in text.splitlines()):
        if not line.startswith("#"):
            label, *fields = line.split("\t")
            first = _INVENTED + 2 * len(pairs)
            articles = (_invented(first, *fields[:4]), _invented(first + 1, *fields[4:]))
            pairs.append(Pair(articles=articles, same=label == "same", held=is_held))
    return pairs


def _invented(number: int, language: str, time: str, title: str, summary: str) -> Article:
    published = datetime.strptime(f"2026-02-{time}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return _article(number, title, summary.strip("-"), published, f"invented {number}", language)


def contest(folder: Path) -> Iterator[Pair]:
    """Pairs of a published contest, in one language each."""
    for number, record in enumerate(json_lines(folder / "pairs_tgcontest.jsonl.gz")):
        first, second = (
            _article(
                2 * number + place,
                record[key]["title"],
                record[key]["text"],
                _UNDATED + timedelta(seconds=2 * number + place),
                record[key]["url"].split("/")[2] if "//" in record[key]["url"] else record[key]["url"],
                record["lang"],
            )
            for place, key in enumerate("ab")
        )
        yield Pair(articles=(first, second), same=record["label"] == "OK", held=True)


def _article(number: int, title: str, text: str, published: datetime, source: str, language: str = "en") -> Article:
    outlet = Outlet(name=source, country="INT", ownership=Ownership.UNCLEAR, vantage="INT")
    return Article(
        id=ArticleId(number),
        keys=(str(number),),
        feed=FeedSlug(source),
        outlet=outlet,
        title=title,
        text=text,
        url="",
        published=published,
        first_seen=published,
        language=language,
    )


def _as_filed(each: Set) -> dict[str, str]:
    archive = Memory()
    filer = Filer(archive, shipped(), gazetteer(), lambda: archive.now)

    async def run() -> None:
        for _, together in groupby(each.articles, key=lambda article: article.published.replace(minute=0, second=0)):
            archive.coming = list(together)
            archive.now = archive.coming[-1].published
            await filer.file()

    asyncio.run(run())
    return {each.names[article]: str(story) for article, story in archive.stories.items()}


def _single_pass(each: Set) -> dict[str, str]:
    """The nearest story's centroid by cosine, fading with time; words weighed by the articles that came before."""
    centroids: list[tuple[Counter[str], datetime]] = []
    frequency: Counter[str] = Counter()
    said = {}
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for count, article in enumerate(each.articles, start=1):
        counts = Counter(terms(article.title) * 2 + terms(article.text))
        frequency.update(counts.keys())
        vector = {term: (1 + math.log(n)) * math.log(1 + count / frequency[term]) for term, n in counts.items()}
        best, chosen = _BASELINE_NEAR, len(centroids)
        for number in {number for term in counts for number in holders[term]}:
            centroid, last = centroids[number]
            gap = (article.published - last).total_seconds() / 3600
            if gap <= _BASELINE_WINDOW_HOURS:
                likeness = _cosine(vector, centroid) * math.exp(-gap / _BASELINE_FADE_HOURS)
                if likeness > best:
                    best, chosen = likeness, number
        centroid = centroids[chosen][0] if chosen < len(centroids) else Counter()
        centroid.update(vector)
        centroids[chosen : chosen + 1] = [(centroid, article.published)]
        for term in counts:
            holders[term].add(chosen)
        said[each.names[article.id]] = str(chosen)
    return said


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    dot = sum(weight * b.get(term, 0.0) for term, weight in a.items())
    return dot / (math.sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values())) or 1.0)


def _print(name: str, each: Set, said: Mapping[str, str]) -> None:
    figures = [bcubed(gold, said) for gold in each.golds]
    for label, values in zip(("precision", "recall", "f1"), zip(*figures, strict=True), strict=True):
        figure(f"{name}.bcubed_{label}", fmean(values), "ratio")


def bcubed(gold: Mapping[str, str], said: Mapping[str, str]) -> tuple[float, float, float]:
    """Bagga and Baldwin's precision, recall and F1."""
    gold_sizes, said_sizes = Counter(gold.values()), Counter(said[name] for name in gold)
    both = Counter((story, said[name]) for name, story in gold.items())
    precision = sum(n * n / said_sizes[s] for (_, s), n in both.items()) / len(gold)
    recall = sum(n * n / gold_sizes[g] for (g, _), n in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


if __name__ == "__main__":
    main()
