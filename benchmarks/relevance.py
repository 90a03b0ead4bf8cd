"""Does an article belong to a topic? Figures on labelled lines, beside two simple baselines."""

import csv
import html
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.data import existing, figure, json_lines, options
from config.catalogue import load_topics
from config.gazetteer import load_families, load_names
from digests.filing.own_words import OwnTopics, slug_of
from digests.filing.registry import Registry
from digests.filing.relevance import Relevance
from digests.model.articles import Article, ArticleId
from digests.model.sources import FeedSlug, Outlet, Ownership
from digests.model.topics import OwnWords, TopicSlug

TOPICS = Path(__file__).parent.parent / "config" / "topics"
NOWHEN = datetime(2026, 1, 1, tzinfo=UTC)  # relevance does not look at dates
UNKNOWN = Outlet(name="unknown", country="INT", ownership=Ownership.UNCLEAR, vantage="INT")

# The baselines: a topic's two groups of words. "Any" asks for a word of either group that is not too common, "groups"
# for one of each.
GROUPS = {
    "ukraine-talks": (
        r"ukrain|kyiv|kiev|zelensk",
        r"talks|negotiat|peace|ceasefire|truce|settlement|envoy|security guarantee|prisoner|abu dhabi|witkoff",
    ),
    "china-russia": (r"\bchin(a|ese)\b|beijing|\bxi\b|shoigu", r"russia|moscow|kremlin|putin|lavrov|wang yi"),
    "new-start": (
        r"nuclear|new start|arms control|arms race|warhead|icbm|strategic stability",
        r"russia|moscow|kremlin|putin|\bus\b|u\.s\.|america|trump|washington|china|beijing|treaty",
    ),
}

OWN_TOPICS = (0, 100, 5_000)
WHAT = (
    "sanctions", "oil", "gas", "election", "protests", "drones", "missiles", "tariffs", "trade", "spying", "corruption",
    "migration", "nuclear", "grain", "chips", "rare earths", "undersea cables", "cyberattacks", "prisoners", "aid",
)  # fmt: skip
WHO = (
    "Russia", "Ukraine", "China", "US", "Iran", "Israel", "India", "Trump", "Putin", "NATO", "EU", "Germany", "France",
    "Gaza", "Syria", "Turkey", "Japan", "Taiwan", "Poland", "Hungary", "Serbia", "Sudan", "Venezuela", "Cuba", "Orban",
    "Macron", "Fico", "Erdogan", "Modi", "Xi", "Baltic", "Moldova", "Georgia", "Armenia", "North Korea",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A line of a labelled set, with what the annotators said of each topic: y, n or u."""

    name: str
    line: str
    article: Article
    labels: dict[TopicSlug, str]


def labelled(data: Path) -> Iterator[Labelled]:
    """Every labelled line with its article. Raises nothing; exits where a file is missing."""
    for path in sorted(existing(data / "labels").glob("topics-*.tsv")):
        name = path.stem.removeprefix("topics-")
        replay = data / ("replay" if name == "january" else f"replay-{name}") / "entries.jsonl.gz"
        entries = list(json_lines(replay))
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                entry = entries[int(row["line"])]
                topics = {TopicSlug(key): row[key] for key in row if key not in {"line", "feed", "link"}}
                yield Labelled(name=name, line=row["line"], article=article(int(row["line"]), entry), labels=topics)


def article(number: int, entry: dict[str, str]) -> Article:
    """The entry as gathering would hand it on, as far as relevance looks at it."""
    return Article(
        id=ArticleId(number),
        keys=(),
        feed=FeedSlug(entry["feed"]),
        outlet=UNKNOWN,
        title=_plain(entry["title"]),
        text=_plain(entry.get("summary", "")),
        url=entry["link"],
        published=NOWHEN,
        first_seen=NOWHEN,
        language="en",
    )


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", html.unescape(text))).split())


def score(name: str, lines: list[Labelled], says: Callable[[Labelled, TopicSlug], bool]) -> dict[TopicSlug, float]:
    """Print precision, recall and F1 of each set and topic, and of the sets together; return the last F1 by topic.

    Lines labelled u do not count.
    """
    pooled: dict[TopicSlug, float] = {}
    tallies: dict[tuple[str, TopicSlug], Counter[str]] = {}
    for each in lines:
        for topic, label in each.labels.items():
            for group in (each.name, "all"):
                tallies.setdefault((group, topic), Counter())[f"{label}{says(each, topic):d}"] += 1
    for (group, topic), tally in sorted(tallies.items()):
        right, wrong, missed = tally["y1"], tally["n1"], tally["y0"]
        figure(f"{name}.{group}.{topic}.precision", right / (right + wrong) if right + wrong else 1.0, "ratio")
        figure(f"{name}.{group}.{topic}.recall", right / (right + missed) if right + missed else 1.0, "ratio")
        either = 2 * right + wrong + missed
        f1 = 2 * right / either if either else 1.0
        figure(f"{name}.{group}.{topic}.f1", f1, "ratio")
        if group == "all":
            pooled[topic] = f1
    return pooled


def baseline(*, every: bool) -> Callable[[Labelled, TopicSlug], bool]:
    """A keyword of either group, or of every group, anywhere in title and text."""
    wanted = {topic: [re.compile(group, re.IGNORECASE) for group in groups] for topic, groups in GROUPS.items()}

    def says(line: Labelled, topic: TopicSlug) -> bool:
        text = f"{line.article.title} {line.article.text}"
        found = [bool(group.search(text)) for group in wanted.get(topic, ())]
        return all(found) if every else any(found)

    return says


def names_speed(lines: list[Labelled]) -> None:
    """Print how many titles a second names are found in, once each word was looked up."""
    names = load_names()
    for line in lines:
        names.find(line.article.title)
    started = time.process_time()
    for line in lines:
        names.find(line.article.title)
    figure("names.speed", round(len(lines) / (time.process_time() - started)), "titles/s of CPU")


def wishes() -> Iterator[str]:
    """As many different wishes as anybody wants, most of them on a few countries that everybody names."""
    for where in ("", "talks", "economy", "army", "protests", "court", "visit", "drones"):
        for what in WHAT:
            for who in WHO:
                yield f"{what} {who} {where}".strip()


def own_topics(lines: list[Labelled], count: int) -> None:
    """Print what an article costs where people follow `count` topics in their own words, beside the shipped ones."""
    names = load_names()
    read = OwnTopics(names, load_families())
    registry = Registry(load_topics(TOPICS), read)
    words = [OwnWords(words=wish) for wish in islice(wishes(), count)]
    started = time.perf_counter()
    registry.learn(words)
    registry.follow([slug_of(own) for own in words])
    compiled = time.perf_counter() - started
    for line in lines[:200]:
        registry.match(line.article)  # each word is looked up once
    started = time.perf_counter()
    for line in lines:
        registry.match(line.article)
    took = time.perf_counter() - started
    figure(f"relevance.own_{count}.speed", round(len(lines) / took), "articles/s")
    figure(f"relevance.own_{count}.compile", round(compiled, 3), "s")


def main() -> None:
    arguments = options(__doc__ or "").parse_args()
    lines = list(labelled(arguments.data))
    relevance = Relevance(load_topics(TOPICS))
    started = time.perf_counter()
    matches = [{match.topic: match for match in relevance.match(line.article)} for line in lines]
    took = time.perf_counter() - started
    said = dict(zip(((line.name, line.line) for line in lines), matches, strict=True))
    ours = score("relevance", lines, lambda line, topic: topic in said[line.name, line.line])
    score("any", lines, baseline(every=False))
    groups = score("groups", lines, baseline(every=True))
    for topic, f1 in ours.items():
        figure(f"relevance.over_groups.{topic}.f1", f1 - groups[topic], "ratio")
    figure("relevance.speed", round(len(lines) / took), "articles/s")
    names_speed(lines)
    for count in OWN_TOPICS:
        own_topics(lines, count)
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8") as out:
            for line in lines:
                for topic in line.labels:
                    match = said[line.name, line.line].get(topic)
                    answer = f"{match.score}\tyes" if match else "0\tno"
                    print(line.name, line.line, topic, answer, sep="\t", file=out)


if __name__ == "__main__":
    main()
