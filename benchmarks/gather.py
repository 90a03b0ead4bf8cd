"""Gathering 44 feeds from the replay server, and 200 with a latency of .2 s: seconds, event loop, memory."""

import asyncio
import os
import re
import socket
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

# Everything else is imported inside functions: the parser's children import this module, and stay small.


def main():
    from benchmarks.data import existing, options

    parser = options("Gather the replay's feeds, new and unchanged; print seconds, loop lag and memory.")
    parser.add_argument("--items", type=int, default=400, help="entries in a feed")
    arguments = parser.parse_args()
    if arguments.out:
        sys.exit("gather says nothing that could be scored: leave out --out.")
    data = existing(arguments.data)
    server = existing(data / "replay" / "serve.py")
    asyncio.run(measure(server, data / "replay", arguments.items, copies=1, latency=0, name="gather"))
    asyncio.run(measure(server, data / "replay", 40, copies=5, latency=0.2, name="gather_200_feeds"))


async def measure(server, data, items, *, copies, latency, name):
    from benchmarks.data import figure
    from digests.adapters.children import Children
    from digests.adapters.feed_http import HttpFetcher
    from digests.adapters.feed_parser import FeedParser
    from digests.adapters.sqlite.archive import SqliteArchive
    from digests.adapters.sqlite.database import Database
    from digests.gathering.gather import Gatherer

    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = await stack.enter_async_context(replay(server, data, items, latency))
        feeds = list(feeds_of(data, address, copies))[:200]
        fetcher = await stack.enter_async_context(HttpFetcher(allow_private=True))
        parser = FeedParser(await stack.enter_async_context(Children()))
        archive = SqliteArchive(await stack.enter_async_context(Database(Path(folder) / "archive.db")))
        gatherer = Gatherer(feeds, fetcher, parser, archive, lambda: datetime.now(UTC))
        for what in ("new", "unchanged"):
            async with loop_lag() as lags:
                report = await gatherer.gather()
            if not report.reached:
                sys.exit(f"no feed could be read: {report.failures[:1]}")
            figure(f"{name}_{what}", report.seconds, "s")
            figure(f"{name}_{what}_reached", report.reached, "feeds")
            figure(f"{name}_{what}_articles", report.new, "articles")
            figure(f"{name}_{what}_loop_lag_p99", statistics.quantiles(lags, n=100)[98] * 1000, "ms")
            figure(f"{name}_{what}_loop_lag_max", max(lags) * 1000, "ms")
        own, children = memory()
        figure(f"{name}_process", own, "MB")
        figure(f"{name}_with_children", own + children, "MB")


@asynccontextmanager
async def replay(server, data, items, latency):
    """The replay server on a free port; its address."""
    with socket.socket() as probe:  # the server cannot say which port it was given
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = (sys.executable, str(server), "--data", str(data), "--port", port, "--items", str(items))
    process = await asyncio.create_subprocess_exec(
        *command, "--latency", str(latency), "--at", "2026-01-05T20:00Z", stdout=asyncio.subprocess.PIPE
    )
    try:
        while not (found := re.search(rb"http://[\d.]+:\d+", line := await process.stdout.readline())):
            if not line:
                sys.exit("the replay server ended before it said its address.")
        yield found[0].decode()
    finally:
        process.terminate()
        await process.wait()


def feeds_of(data, address, copies):
    """The replay's feeds, each `copies` times under slugs and addresses of their own."""
    import json

    from digests.model.sources import Feed, FeedSlug, Outlet, Ownership

    for copy in range(copies):
        for row in json.loads((data / "feeds.json").read_text(encoding="utf-8")):
            yield Feed(
                slug=FeedSlug(f"{row['feed']}-{copy}"),
                url=f"{address}/feeds/{row['feed']}.xml?copy={copy}",
                outlet=Outlet(
                    name=row["outlet"], country=row["country"], ownership=Ownership.UNCLEAR, vantage=row["country"]
                ),
            )


@asynccontextmanager
async def loop_lag():
    """Seconds by which a 5 ms sleep came late, again and again until the block ends."""
    lags = []

    async def watch():
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            lags.append(loop.time() - before - 0.005)

    async with asyncio.TaskGroup() as group:
        watcher = group.create_task(watch())
        yield lags
        watcher.cancel()


def memory():
    """Resident MB of this process, and of its Python children but for the replay server."""
    me = os.getpid()
    children = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == me and "serve.py" not in (process / "cmdline").read_text():
                children += resident(process)
        except OSError:  # it ended meanwhile
            continue
    return resident(Path("/proc/self")), children


def resident(process):
    return int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
