"""What filing costs: topics and stories of ten thousand articles of one day, beside an archive of as many and of ten times as many.

Seconds are of the processor, which others do not share; reading and writing the archive are counted, they are part of it.
"""

import asyncio
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from benchmarks.data import existing, figure, json_lines, options
from benchmarks.stories import entry_article, gazetteer, shipped
from digests.adapters.sqlite.archive import SqliteArchive
from digests.adapters.sqlite.database import Database
from digests.filing.file import Filer
from digests.model.articles import Article, ArticleId
from digests.model.stories import Placement, StoryId
from digests.ports import Filing, Gathering

DAY = datetime(2026, 2, 4, tzinfo=UTC)
ARTICLES = 10_000
ARCHIVES = (10_000, 100_000)
_AT_ONCE = 5_000


def day_of(data: Path) -> list[Article]:
    """So many articles of both replays, as if all had come on one day."""
    entries = [
        entry
        for replay in ("replay-february", "replay")
        for entry in json_lines(existing(data / replay / "entries.jsonl.gz"))
    ][:ARTICLES]
    step = timedelta(days=1) / len(entries)
    return [replace(entry_article(n, entry), published=DAY + n * step) for n, entry in enumerate(entries)]


async def fill(archive: SqliteArchive, day: list[Article], count: int) -> None:
    """An archive of earlier days, filed: the day's articles over and over, each its own story."""
    for first in range(0, count, _AT_ONCE):
        old = [
            replace(
                day[n % len(day)],
                id=ArticleId(1_000_000 + n),
                keys=(f"old {n}",),
                published=DAY - timedelta(days=6, minutes=n % 100_000),
            )
            for n in range(first, min(first + _AT_ONCE, count))
        ]
        await archive.save_gathering(Gathering(states=(), gaps=(), articles=tuple(old)))
        placements = tuple(Placement(article=a.id, story=StoryId(a.id), origin=a.outlet.name) for a in old)
        await archive.save_filing(Filing(filed=tuple(a.id for a in old), matches=(), placements=placements, moved={}))


async def seconds(day: list[Article], count: int) -> float:
    """Of the processor, for filing the day beside an archive of so many."""
    with tempfile.TemporaryDirectory() as folder:
        async with Database(Path(folder) / "archive.sqlite") as opened:
            archive = SqliteArchive(opened)
            await fill(archive, day, count)
            await archive.save_gathering(Gathering(states=(), gaps=(), articles=tuple(day)))
            filer = Filer(archive, shipped(), gazetteer(), lambda: DAY + timedelta(days=1))
            start = process_time()
            report = await filer.file()
            spent = process_time() - start
            if report.filed != len(day):
                message = f"filed {report.filed} of {len(day)} articles"
                raise RuntimeError(message)
            return spent


def main() -> None:
    """Print articles a second beside each archive, and what the larger one costs more."""
    asked = options(__doc__ or "").parse_args()
    day = day_of(asked.data)
    gazetteer().find(day[0].title)
    shipped()
    spent = [asyncio.run(seconds(day, count)) for count in ARCHIVES]
    for count, took in zip(ARCHIVES, spent, strict=True):
        figure(f"filing.archive_{count}.articles_a_second", len(day) / took, "articles/s")
    figure("filing.ten_times_the_archive", spent[1] / spent[0], "ratio")


if __name__ == "__main__":
    main()
