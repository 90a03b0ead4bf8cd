"""Sentences to be judged by a person, drawn from both replays: `--out FOLDER` gets three pages, `--seed` another draw.

`compressed.md` has shortened sentences above the outlets' own words (changed meaning?), `attributed.md` sentences as
they are shown above their articles (this speaker, this outlet? clear by itself?), `headlines.md` stories of which there
are only titles (the clearest headline? what do the others add?). The figures only count; the judging is the reader's.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.condense import report_of
from benchmarks.data import existing, figure, json_lines, options
from benchmarks.lives import MONTHS, Life, life
from bot.views.digest import quoted
from bot.views.markup import as_plain
from digests.editing.compression import compress
from digests.editing.condense import condense, expand
from digests.editing.quotable import stands_alone
from digests.model.articles import Article
from digests.model.stories import Brief, Report, Sentence, Story, StoryId, Window
from digests.model.topics import TopicSlug
from digests.text.sentences import sentences

_MANY = {"compressed": 200, "attributed": 300, "headlines": 60}
_DAY = timedelta(days=1)
_NO_TOPIC = TopicSlug("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a replay came to in the end: its articles, and its stories under the topics and under none."""

    articles: tuple[Article, ...]
    stories: tuple[tuple[Story, TopicSlug], ...]


def main() -> None:
    """Draw, and write the pages."""
    parser = options(__doc__ or "")
    parser.add_argument("--seed", type=int, default=1, help="which draw")
    arguments = parser.parse_args()
    if arguments.out is None:
        parser.error("--out names the folder for the pages")
    arguments.out.mkdir(parents=True, exist_ok=True)
    months = [asyncio.run(lived(arguments.data, month)) for month in MONTHS]
    for name, found in pages(months, arguments.data).items():
        drawn = random.Random(arguments.seed).sample(found, min(_MANY[name], len(found)))
        page = "\n\n".join(f"{number}. {each}" for number, each in enumerate(drawn, 1))
        (arguments.out / f"{name}.md").write_text(f"{page}\n", encoding="utf-8")
        figure(f"judging.{name}.found", len(found), name)
        figure(f"judging.{name}.drawn", len(drawn), name)


def pages(months: Sequence[Month], data: Path) -> dict[str, list[str]]:
    """Of each page everything that there is to be drawn from, each once."""
    briefs = [condense(story, topic) for month in months for story, topic in month.stories]
    articles = [article for month in months for article in month.articles]
    return {
        "compressed": _once(_compressed([*articles, *_others(data)])),
        "attributed": _once(_attributed(briefs)),
        "headlines": _once(_headline(brief) for brief in briefs if _of_titles(brief)),
    }


async def lived(data: Path, month: str) -> Month:
    """A replay at its end."""
    async with life(data, month) as here:
        async for _ in here.hours:
            pass
        return Month(articles=here.articles, stories=tuple([each async for each in _stories(here)]))


async def _stories(here: Life) -> AsyncIterator[tuple[Story, TopicSlug]]:
    whole = Window(start=here.articles[0].published - _DAY, end=here.articles[-1].published + _DAY)
    topical: set[StoryId] = set()
    for topic in here.topics:
        for story in await here.archive.stories(topic.slug, whole):
            topical.add(story.id)
            yield story, topic.slug
    others: dict[StoryId, list[Report]] = {}
    for report, story in await here.archive.placed_since(whole.start):
        others.setdefault(story, []).append(report)
    for story, reports in others.items():
        if story not in topical and len(reports) > 1:
            yield Story(id=story, reports=tuple(reports)), _NO_TOPIC


def _compressed(articles: Iterable[Article]) -> Iterator[str]:
    """Sentences that may be shown and are not as their outlet wrote them."""
    for article in articles:
        for piece in sentences(article.text):
            shorter = compress(piece, article.outlet.name)
            if shorter != piece and stands_alone(shorter):
                yield f"{article.outlet.name}\n   {piece}\n   {shorter}"


def _others(data: Path) -> Iterator[Article]:
    """Articles of other days and outlets: compression has to be right there as well."""
    for path in sorted(existing(data / "summaries").glob("mds_*.jsonl.gz")):
        for cluster in json_lines(path):
            for number, document in enumerate(cluster["docs"]):
                yield report_of(number, document).article


def _attributed(briefs: Iterable[Brief]) -> Iterator[str]:
    for brief in briefs:
        articles = {report.article.id: report.article for report in brief.reports}
        for sentence in dict.fromkeys((*brief.sentences, *expand(brief))):
            yield _beside(sentence, articles[sentence.article])


def _beside(sentence: Sentence, article: Article) -> str:
    return f"{as_plain(quoted(sentence, article))}\n   {article.outlet.name}: **{article.title}**\n   {article.text}"


def _of_titles(brief: Brief) -> bool:
    return brief.independent_outlets > 1 and not any(report.article.text for report in brief.reports)


def _headline(brief: Brief) -> str:
    articles = {report.article.id: report.article for report in brief.reports}
    by = f"{brief.headline_by}: " if brief.headline_by else ""
    said = [f"   - {as_plain(quoted(sentence, articles[sentence.article]))}" for sentence in brief.sentences]
    titles = [f"     {article.outlet.name}: {article.title}" for article in articles.values()]
    return "\n".join([f"**{by}{brief.headline}**", *said, *titles])


def _once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


if __name__ == "__main__":
    main()
