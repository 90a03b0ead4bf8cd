"""Does an article belong to a topic, on lines that nobody tuned on before they were labelled; shipped topics, and own words.

relevance_unseen.tsv was labelled by one reader in three rounds (1: the replays' other lines; 2a and 2b: other years, outlets
and languages), each before its round's faults were mended: what the engine says of it today is no longer unseen.
own_words.tsv holds ten wishes, the last four labelled after the words had been mended on the first six.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from benchmarks.data import existing, figure, json_lines, options
from benchmarks.relevance import TOPICS, Labelled, article, score
from config.catalogue import load_topics
from config.gazetteer import load_families, load_names
from digests.adapters.feed_parser import read
from digests.filing.own_words import OwnTopics
from digests.filing.relevance import Relevance
from digests.model.articles import Article
from digests.model.topics import Breadth, OwnWords, TopicSlug

HERE = Path(__file__).parent
LEAD = 900  # characters of a text that stand for a feed's summary


def main() -> None:
    arguments = options(__doc__ or "").parse_args()
    articles = cache(lambda name: tuple(articles_of(arguments.data, name)))
    shipped_topics(articles)
    own_words(articles)


def shipped_topics(articles: Callable[[str], tuple[Article, ...]]) -> None:
    """Print the figures of each round, and of all of them."""
    lines = [
        Labelled(
            name=row["round"],
            line=f"{row['set']}:{row['line']}",
            article=articles(row["set"])[int(row["line"])],
            labels={TopicSlug(key): row[key] for key in row if key not in {"round", "set", "line"}},
        )
        for row in rows("relevance_unseen.tsv")
    ]
    relevance = Relevance(load_topics(TOPICS))
    said = {(each.name, each.line): {match.topic for match in relevance.match(each.article)} for each in lines}
    score("unseen", lines, lambda line, topic: topic in said[line.name, line.line])


def own_words(articles: Callable[[str], tuple[Article, ...]]) -> None:
    """Print F1 of each wish as it is read at first, and wider and narrower; then their mean."""
    read_words = OwnTopics(load_names(), load_families())
    labelled = defaultdict(list)
    for row in rows("own_words.tsv"):
        labelled[row["words"]].append((articles(row["set"])[int(row["line"])], row["label"]))
    usual = []
    for words, lines in labelled.items():
        name = words.lower().replace(" ", "-")
        for breadth in Breadth:
            relevance = Relevance([read_words.topic(OwnWords(words=words, breadth=breadth))])
            tally = Counter(f"{label}{bool(relevance.match(each)):d}" for each, label in lines)
            f1 = 2 * tally["y1"] / (2 * tally["y1"] + tally["n1"] + tally["y0"])
            figure(f"own.{name}.f1" if breadth is Breadth.USUAL else f"own.{name}.{breadth}.f1", f1, "ratio")
            usual += [f1] if breadth is Breadth.USUAL else []
    figure("own.mean.f1", sum(usual) / len(usual), "ratio")


def rows(file: str) -> Iterator[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def articles_of(data: Path, name: str) -> Iterator[Article]:
    """Every line of a set as gathering would hand it on; "world/3" is the fourth of the feed documents."""
    for number, (title, summary) in enumerate(texts_of(data, name)):
        yield article(number, {"feed": "feed", "title": title, "summary": summary, "link": ""})


def texts_of(data: Path, name: str) -> Iterator[tuple[str, str]]:
    if name.startswith("world/"):
        documents = sorted(existing(data / "feeds" / "world").glob("*.xml"))
        entries = read(documents[int(name.removeprefix("world/"))].read_bytes(), "application/xml", "")
        yield from ((entry.title, entry.summary) for entry in entries if not isinstance(entry, str))
    elif name == "pairs_tgcontest":
        for pair in json_lines(data / "clusters" / f"{name}.jsonl.gz"):
            yield from ((pair[side]["title"], pair[side]["text"][:LEAD]) for side in "ab")
    elif name == "cl_allsides_dated":
        yield from ((each["title"], each["text"][:LEAD]) for each in json_lines(data / "clusters" / f"{name}.jsonl.gz"))
    else:
        path = data / name / "entries.jsonl.gz" if name.startswith("replay") else data / "feeds" / f"{name}.jsonl.gz"
        yield from ((each["title"], each.get("summary") or "") for each in json_lines(path))


if __name__ == "__main__":
    main()
