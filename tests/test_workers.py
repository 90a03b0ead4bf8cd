"""The campaign of workers in short: real processes on one PostgreSQL, killed in every state. In full: benchmarks.workers."""

import contextlib
import random
from datetime import UTC, datetime, timedelta

from benchmarks import databases
from benchmarks.processes import Mortal, answer, free_port, settings, telegram
from benchmarks.workers import DUE, STATES, Campaign
from tests.fakes.feed_server import feed_server, rss

LISTING = (
    '[[feeds]]\nslug = "herald"\noutlet = "Herald"\nurl = "{base}/herald"\ncountry = "NO"\nownership = "private"\n'
)
TEXT = "Envoys of Ukraine and Russia opened peace talks in Vienna. Austria is the host of the talks."


def test_whatever_worker_is_killed_in_whatever_state_each_edition_comes_once_or_is_known_to_be_in_doubt(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # a killed process leaves half a file of it
    stories = [
        (
            f"Ukraine and Russia open peace talks, round {n}",
            TEXT,
            f"https://herald.example/{n}",
            DUE - timedelta(hours=n),
        )
        for n in range(1, 9)
    ]
    with (
        databases.database() as url,
        telegram("--latency", "0.06", "--limits", "--overall", "61") as server,
        feed_server({"/herald": rss(*stories)}) as base,
    ):
        (tmp_path / "feeds.toml").write_text(LISTING.format(base=base))
        clock = f"{datetime.now(UTC).isoformat()}={DUE.isoformat()}*1"
        pace = {"SEND_RATE": "60", "WORKER_LEASE": "1", "TICK_EVERY": "0.3", "GATHER_EVERY": "1"}
        env = settings(tmp_path, server, str(tmp_path / "feeds.toml"), clock, **pace)
        campaign = Campaign(server=server, env=env, folder=tmp_path, url=url, rng=random.Random(7), workers=2)
        outcome = campaign.run(server.crowd(150), kills=2, every=0.3, within=60)
    print(*outcome.figures(), sep="\n")
    assert outcome.problems == []
    assert outcome.fates["delivered"] > 80
    assert len([state for state in STATES if outcome.hit[state]]) >= 4


def test_what_one_process_takes_in_a_worker_answers_also_after_the_worker_was_killed(tmp_path, monkeypatch):
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    with (
        databases.database() as url,
        telegram() as server,
        feed_server({"/herald": rss()}) as base,
        contextlib.ExitStack() as stack,
    ):
        (tmp_path / "feeds.toml").write_text(LISTING.format(base=base))
        port = free_port()
        webhook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/updates", "WEBHOOK_SECRET": "s" * 32, "PORT": str(port)}
        env = settings(
            tmp_path, server, str(tmp_path / "feeds.toml"), "", **webhook, DATABASE_URL=url, WORKER_LEASE="1"
        )
        (tmp_path / "web").mkdir()
        web, worker = Mortal(env, tmp_path / "web", "web"), Mortal(env, tmp_path, "worker")
        for each in (worker, web):
            each.start()
            stack.callback(lambda each=each: each.running() and each.kill("group"))
            each.said("Ready")
        server.say("Ann", "/topics")
        server.hears("Ann", "Ukraine talks")
        worker.kill("group")
        server.say("Ann", "/topics nosuch1")
        assert answer(f"http://127.0.0.1:{port}/healthz") == b"ok"
        worker.start()
        server.hears("Ann", "nosuch1")
        assert len([each for each in server.sent() if "nosuch1" in each["text"]]) == 1
        assert (web.stop(), worker.stop()) == (0, 0)
