"""The bundled sample: a day of invented news, dated relative to now, for a first look without a network."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from digests.model.articles import Entry
from digests.model.sources import Feed, FeedSlug, Outlet, Ownership

_FILE = Path(__file__).with_name("sample.toml")


def load_sample(now: datetime) -> tuple[tuple[Feed, Entry], ...]:
    """Read the invented entries, each with its invented feed, as if they had been published in the hours before `now`."""
    entries = []
    for number, row in enumerate(tomllib.loads(_FILE.read_text(encoding="utf-8"))["entries"], start=1):
        slug = FeedSlug(row["outlet"].lower().replace(" ", "-"))
        outlet = Outlet(
            name=row["outlet"], country=row["country"], ownership=Ownership(row["ownership"]), vantage=row["country"]
        )
        address = f"https://{slug}.example/{number}"
        entry = Entry(
            guid=address,
            link=address,
            title=row["title"],
            summary=row["summary"],
            published=now - timedelta(hours=row["hours"]),
        )
        entries.append((Feed(slug=slug, url=f"https://{slug}.example/feed", outlet=outlet), entry))
    return tuple(entries)
