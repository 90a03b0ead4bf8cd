"""The campaign of kills in short: the real bot over feeds and a Telegram of our own. In full: python -m benchmarks.kills, and .stops."""

import random
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, product

import pytest

from benchmarks.aftermath import STATES, Left, Reader, changed_people, changed_stories, judge, understand
from benchmarks.kills import Campaign, shown_keys
from benchmarks.processes import settings, telegram
from benchmarks.stops import Stops

BEGIN = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
SPEED = 1800
OUTLETS = ("Northern Herald", "Lakeside Post", "Harbour Times")
PLACES = ("Oslo", "Vienna", "Ankara", "Geneva", "Doha", "Rome", "Lisbon", "Athens")
MATTERS = (
    ("Ukraine and Russia", "exchange of prisoners", "peace talks"),
    ("China and Russia", "gas pipeline", "partnership"),
    ("Russia and the United States", "nuclear warheads", "New START treaty"),
    ("Ukraine and Russia", "fate of the children", "ceasefire talks"),
)


def entries():
    """Every half hour of the rehearsal's time an event, each told at length by one outlet or more."""
    for number, (place, (who, what, name)) in enumerate(product(PLACES, MATTERS * 8)):
        told = f"Envoys of {who} spoke of the {what} in {place} on day {number // 48 + 1}, said the host of round {number}."
        more = (
            f"The {name} had stalled over the {what}, and {number + 3} questions were left open when the doors closed."
        )
        published = BEGIN + timedelta(minutes=30 * (number - 40))
        yield published, number, f"{who} weigh the {what} in {place}, round {number} of the {name}", f"{told} {more}"


class Feeds(BaseHTTPRequestHandler):
    """Each outlet carries two of three events, as they were published by now."""

    clock = None

    def do_GET(self):
        outlet = int(self.path.strip("/"))
        shown = [each for each in entries() if each[0] <= Feeds.clock() and each[1] % 3 != outlet]
        items = "".join(
            f"<item><title>{title}</title><guid isPermaLink='false'>o{outlet}-{number}</guid><description>{text}</description>"
            f"<link>https://outlet{outlet}.example/{number}</link><pubDate>{format_datetime(published)}</pubDate></item>"
            for published, number, title, text in islice(reversed(shown), 60)
        )
        body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def feeds(tmp_path):
    present = datetime.now(UTC)
    Feeds.clock = lambda: BEGIN + (datetime.now(UTC) - present) * SPEED
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    listing = "".join(
        f'[[feeds]]\nslug = "outlet-{number}"\noutlet = "{name}"\nurl = "http://127.0.0.1:{server.server_port}/{number}"\n'
        'country = "NO"\nownership = "private"\n'
        for number, name in enumerate(OUTLETS)
    )
    (tmp_path / "feeds.toml").write_text(listing)
    yield tmp_path / "feeds.toml", f"{present.isoformat()}={BEGIN.isoformat()}*{SPEED}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_whatever_a_kill_interrupts_nothing_is_lost_and_nothing_comes_twice(tmp_path, feeds, monkeypatch):
    file, clock = feeds
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # a killed process leaves half a file of it
    with telegram("--latency", "0.06") as server:
        env = settings(tmp_path, server, str(file), clock, TICK_EVERY="0.05", GATHER_EVERY="0.3")
        campaign = Campaign(
            server=server,
            env=env,
            folder=tmp_path,
            rng=random.Random(7),
            shown=lambda: shown_keys(file),
            patience=16,  # a busy machine takes its time
        )
        outcome = campaign.run(kills=5, readers=12, askers=3)
    print(*outcome.figures(), sep="\n")
    assert outcome.problems == []
    assert outcome.tally.delivered > 0
    assert len([state for state, times in outcome.hit.items() if times]) >= 3


def test_told_to_stop_at_whatever_moment_it_ends_in_time_and_leaves_nothing_in_doubt(tmp_path, feeds, monkeypatch):
    file, clock = feeds
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    with telegram("--latency", "0.3") as server:
        env = settings(tmp_path, server, str(file), clock, TICK_EVERY="0.05", GATHER_EVERY="0.3")
        campaign = Stops(
            server=server,
            env=env,
            folder=tmp_path,
            rng=random.Random(7),
            shown=lambda: shown_keys(file),
            patience=16,
        )
        outcome = campaign.run(kills=4, readers=12, askers=3)
    print(*campaign.figures(), sep="\n")
    assert outcome.problems == []
    assert len([state for state, times in outcome.hit.items() if times]) >= 3


# The checker itself: what would be wrong is found.

SLOT = (7, "2031-05-01", "14:00:00")
MORNING = Reader(topics=("a", "b", "c"), slots=("14:00",), zone="UTC", since=BEGIN)
HEADING = "Thu 1 May, 14:00 UTC\nA · B — 1 story from 1 outlet"


def left(**what):
    return Left(
        **{
            **{key: {} for key in ("readers", "articles", "placements", "moves", "editions", "parts")},
            **dict.fromkeys(("keys", "unfiled", "matched"), frozenset()),
            "under_way": dict.fromkeys(STATES, frozenset()),
            "unhandled": (),
            "problems": (),
        }
        | what
    )


def said(text, message=1, digest="aaaaaaaaaa"):
    return {"what": "sent", "chat": 7, "text": text, "message": message, "data": [f"more:{digest}:1"]}


def verdict(sent, state="sent", message=1):
    ledger = left(
        readers={7: MORNING},
        editions={SLOT: (True, "aaaaaaaaaa")},
        parts={(SLOT, 1): (state, message, "")} if state else {},
    )
    end = BEGIN + timedelta(hours=6)
    understood = understand(sent, ledger, 2031)
    tally, problems = judge(ledger, understood, end, [(BEGIN, end)], timedelta(hours=1))
    return tally, [*understood.problems, *problems]


def test_an_edition_delivered_once_is_right():
    tally, problems = verdict([said(HEADING)])
    assert (tally.delivered, problems) == (1, [])


def test_one_that_nobody_is_sure_of_may_have_come_or_not():
    for sent in ([], [said(HEADING)]):
        assert verdict(sent, state="uncertain", message=None)[1] == []


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ([said(HEADING), said(HEADING, 2)], "sent"),
        ([], "sent"),
        ([], None),
        ([said(HEADING)], None),
        ([said(HEADING)], "refused"),
        ([], "refused"),
        ([], "pending"),
        ([said(HEADING)], "sending"),
        ([said(HEADING, digest="bbbbbbbbbb")], "sent"),
        ([said(HEADING), *[said("Your 14:00 digest may not have arrived.", each) for each in (2, 3)]], "uncertain"),
    ],
    ids=[
        "twice",
        "never",
        "unknown to the ledger and never",
        "unknown and sent",
        "refused and sent",
        "refused and nobody knows why",
        "never tried",
        "left in sending",
        "another digest",
        "told twice that it may not have come",
    ],
)
def test_an_edition_is_wrong_that_came(sent, state):
    assert verdict(sent, state)[1]


def test_a_story_that_changes_its_number_unsaid_is_found():
    before = left(placements={1: 10, 2: 10, 3: 30})
    assert list(changed_stories(before, before)) == []
    assert list(changed_stories(before, left(placements={1: 11, 2: 11, 3: 30})))
    assert list(changed_stories(before, left(placements={1: 11, 2: 11, 3: 30}, moves={10: 11}))) == []
    assert list(changed_stories(before, left(placements={1: 10, 2: 10})))


def test_people_who_are_gone_or_changed_are_found():
    before = left(readers={7: MORNING})
    assert list(changed_people(before, before)) == []
    assert list(changed_people(before, left()))
    assert list(changed_people(before, left(readers={7: Reader(topics=("a", "b"), slots=(), zone="UTC", since=BEGIN)})))
