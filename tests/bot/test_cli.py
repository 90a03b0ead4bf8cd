"""The program as an operator calls it: what it prints, and the status that it ends with."""

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from benchmarks import databases
from benchmarks.processes import ROOT, TOKEN, answer, free_port, said, telegram
from bot.cli import main
from digests.adapters.data_folder import DataFolder
from tests.fakes.feed_server import feed_server, rss

NOW = datetime.now(UTC)
TALKS = "Ukraine and Russia open peace talks in Vienna"
TEXT = "Envoys of Ukraine and Russia opened peace talks in Vienna. Austria is the host of the talks."


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Two outlets of which one is down, a data folder, and no other setting than these."""
    for name in ("TELEGRAM_BOT_TOKEN", "LOG_LEVEL", "CLOCK", "JURISDICTION", "TOPICS_DIR"):
        monkeypatch.setenv(name, "")
    story = (TALKS, TEXT, "https://herald.example/talks?utm_source=rss", NOW - timedelta(hours=2))
    with feed_server({"/herald": rss(story)}) as base:
        feeds = "".join(
            f'[[feeds]]\nslug = "{slug}"\noutlet = "{name}"\nurl = "{base}/{slug}"\ncountry = "NO"\nownership = "private"\n'
            for slug, name in (("herald", "Northern Herald"), ("gone", "Gone Gazette"))
        )
        (tmp_path / "feeds.toml").write_text(feeds)
        monkeypatch.setenv("FEEDS_FILE", str(tmp_path / "feeds.toml"))
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("ALLOW_PRIVATE_FEEDS", "true")
        yield tmp_path


def test_preview_as_json_prints_one_object_and_nothing_else(world, capsys):
    assert main(["preview", "--json", "ukraine-talks"]) == 0
    found = json.loads(capsys.readouterr().out)
    (topic,) = found["topics"]
    assert (topic["slug"], found["hours"]) == ("ukraine-talks", 24)
    (story,) = topic["stories"]
    assert story["headline"] == TALKS
    assert [article["url"] for article in story["articles"]] == ["https://herald.example/talks"]
    assert found["coverage"]["read"] == 1
    assert found["coverage"]["unreached"] == ["Gone Gazette"]


def test_preview_shows_the_digest_as_a_person_reads_it(world, capsys):
    assert main(["preview", "--hours", "3"]) == 0
    shown = capsys.readouterr()
    assert "UKRAINE TALKS" in shown.out
    assert TALKS in shown.out
    assert "not reached: Gone Gazette" in shown.out
    assert shown.err == ""
    assert main(["preview", "--as", "html"]) == 0
    assert f"<b>1 · {TALKS}</b>" in capsys.readouterr().out


SAID = (
    "Envoys of Ukraine and Russia opened peace talks in Vienna on Tuesday, the host's foreign ministry said.",
    "The agenda names an exchange of 140 prisoners, two diplomats told the Northern Herald.",
    "Kyiv asks for security guarantees before any ceasefire, and Moscow for an end of sanctions.",
    "The last round had ended in January without a statement, after strikes on energy plants of both countries.",
    "Austria offers to host a permanent office for the talks, its foreign minister said before they began.",
)


def test_where_a_feed_has_only_titles_and_the_flag_sentences_of_its_pages_are_shown_as_its_own(world, capsys):
    page = f"<!doctype html><html><body><article><h1>{TALKS}</h1>{''.join(f'<p>{each}</p>' for each in SAID)}</article></body></html>"
    documents = {"/talks": page.encode(), "/robots.txt": b"User-agent: *\nDisallow: /closed"}
    with feed_server(documents) as base:
        documents["/rss"] = rss((TALKS, "", f"{base}/talks", NOW - timedelta(hours=2)))
        feed = f'[[feeds]]\nslug = "herald"\noutlet = "Northern Herald"\nurl = "{base}/rss"\ncountry = "NO"\nownership = "private"\n'
        (world / "feeds.toml").write_text(feed)
        assert main(["preview", "--as", "html", "ukraine-talks"]) == 0
        plain = capsys.readouterr().out
        (world / "feeds.toml").write_text(f"{feed}full_text = true\n")
        assert main(["preview", "--as", "html", "ukraine-talks"]) == 0
        shown = capsys.readouterr().out
    assert not any(each.rstrip(".") in plain for each in SAID)
    said = [each for each in SAID if each.rstrip(".") in shown]
    assert said
    assert len(said) <= 2
    assert f'(<a href="{base}/talks">Northern Herald</a>)' in shown


@pytest.mark.parametrize("form", [["--json"], []])
def test_who_reads_no_further_ends_it_without_a_word(world, form):
    command = [sys.executable, "-m", "bot", "preview", *form]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        shown.stdout.close()
        assert shown.stderr.read() == b""
        assert shown.wait(30) == 0


def test_a_topic_that_does_not_exist_is_named_with_those_that_do(world, capsys):
    assert main(["preview", "weather"]) == 1
    assert capsys.readouterr().err.endswith(
        "there is no topic weather; there are china-russia, new-start, ukraine-talks.\n"
    )
    assert main(["preview", "new strat"]) == 1
    assert capsys.readouterr().err.endswith("ukraine-talks. Did you mean new-start?\n")


def test_a_topic_is_known_by_its_title_as_well(world, capsys):
    assert main(["preview", "--json", "New START", "new-start", "ukraine talks"]) == 0
    assert [topic["slug"] for topic in json.loads(capsys.readouterr().out)["topics"]] == ["new-start", "ukraine-talks"]


@pytest.mark.parametrize("hours", ["0", "-3", "many", "nan", "1000"])
def test_hours_out_of_range_are_refused(world, hours, capsys):
    assert main(["preview", f"--hours={hours}"]) == 2
    assert capsys.readouterr().err == f"cablegram: --hours={hours}: write a number of hours above 0 and up to 168.\n"


def test_gather_prints_a_line_of_figures(world, capsys):
    assert main(["gather"]) == 0
    first, failed = capsys.readouterr().out.splitlines()
    assert first.startswith("Gathered 1 new articles from 2 feeds")
    assert failed.startswith("  gone: ")
    assert "404" in failed
    assert main(["gather"]) == 0
    again, resting = capsys.readouterr().out.splitlines()
    assert again.startswith("Gathered 0 new articles from 1 feeds")
    assert resting.startswith("  gone: left alone until ")
    assert "404" in resting


def test_when_no_feed_can_be_read_the_status_says_so(world, capsys):
    (world / "feeds.toml").write_text((world / "feeds.toml").read_text().replace("/herald", "/also-gone"))
    assert main(["gather"]) == 3
    assert main(["preview", "--json"]) == 3
    shown = capsys.readouterr()
    assert "no feed could be read, of 2" in shown.err
    assert "gone: left alone until" in shown.err
    assert json.loads(shown.out[shown.out.index("{") :])["coverage"]["read"] == 0


def test_bad_settings_are_told_all_at_once(world, capsys, monkeypatch):
    monkeypatch.setenv("GATHER_EVERY", "often")
    monkeypatch.setenv("PORT", "0")
    assert main([]) == 2
    shown = capsys.readouterr().err
    assert "GATHER_EVERY=often" in shown
    assert "PORT=0" in shown
    assert "Traceback" not in shown


def test_a_broken_topics_file_stops_the_start(world, capsys, monkeypatch):
    (world / "topics").mkdir()
    (world / "topics" / "talks.toml").write_text("title = 3")
    monkeypatch.setenv("TOPICS_DIR", str(world / "topics"))
    assert main(["preview"]) == 2
    assert "talks.toml: title: write a text in quotation marks." in capsys.readouterr().err


def test_a_second_process_on_the_same_folder_is_refused(world, capsys):
    with DataFolder(world / "data"):
        assert main(["preview"]) == 1
    shown = capsys.readouterr()
    assert "DATA_DIR" in shown.err
    assert shown.out == ""


def test_without_a_token_a_digest_is_shown_at_once_and_how_to_get_one(world, capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert TALKS in shown
    assert "INVENTED" not in shown
    assert len(shown.strip().splitlines()[-2:]) == 2
    assert "@BotFather" in shown.splitlines()[-2]
    assert "TELEGRAM_BOT_TOKEN=" in shown.splitlines()[-1]


def test_where_no_feed_can_be_read_the_sample_says_that_it_is_invented_and_is_not_kept(world, capsys):
    (world / "feeds.toml").write_text((world / "feeds.toml").read_text().replace("/herald", "/also-gone"))
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("INVENTED SAMPLE")
    for heading in ("UKRAINE TALKS", "CHINA–RUSSIA", "NEW START"):
        assert f"{heading}\n" in shown
    assert "Nothing new" not in shown
    with closing(sqlite3.connect(world / "data" / "cablegram.sqlite")) as kept:
        assert kept.execute("SELECT count(*) FROM articles").fetchone() == (0,)


# As a process of its own, beside a Bot API server


def bot_env(world, server, **more):
    return {**os.environ, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url, "LOG_LEVEL": "INFO", **more}


def test_a_token_that_telegram_does_not_know_is_one_sentence_without_the_token(world):
    with telegram("--token", f"987654321:{'B' * 35}") as server:
        ended = subprocess.run(
            [sys.executable, "-m", "bot"],
            check=False,
            cwd=ROOT,
            env=bot_env(world, server),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith(
        "cablegram: TELEGRAM_BOT_TOKEN=…: Telegram does not know this token"
    )
    assert TOKEN not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_the_bot_ends_with_status_0_and_answers_until_then(world, word):
    log = world / "log"
    with telegram() as server, log.open("wb") as out:
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot"], cwd=ROOT, env=bot_env(world, server), stdout=out, stderr=out
        )
        said(log, "Ready", bot)
        said(log, "Filed", bot)
        server.say("Ada", "/latest ukraine talks")
        assert TALKS in server.hears("Ada", "Vienna")["text"]
        bot.send_signal(word)
        assert bot.wait(30) == 0
    written = log.read_text()
    assert TOKEN not in written
    assert "Traceback" not in written
    assert "ERROR" not in written


def test_at_debug_through_trouble_of_every_kind_no_secret_and_no_traceback_is_logged(world):
    log, port = world / "log", free_port()
    with telegram() as server, log.open("wb") as out:
        env = bot_env(world, server, LOG_LEVEL="DEBUG", PORT=str(port))
        bot = subprocess.Popen([sys.executable, "-m", "bot"], cwd=ROOT, env=env, stdout=out, stderr=out)
        said(log, "Filed", bot)
        assert answer(f"http://127.0.0.1:{port}/healthz") == b"ok"
        server.fail("502-before", method="getUpdates")
        for fault in ("reset-before", "502-before", "garbled-after", "cut-after"):
            server.fail(fault, person="Ada")
            server.say("Ada", "/topics")
        server.fail("refused", person="Bob", code=403, words="Forbidden: bot was blocked by the user")
        server.say("Bob", "/topics")
        server.fail("refused", person="Ben", code=429, words="Too Many Requests", parameters={"retry_after": 1})
        for person in ("Ben", "Cleo"):
            server.say(person, "/topics nosuch1")
            server.hears(person, "nosuch1")
        bot.terminate()
        assert bot.wait(30) == 0
    written = log.read_text()
    assert " DEBUG " in written
    assert TOKEN not in written
    assert "Traceback" not in written


def test_told_to_stop_before_telegram_could_be_reached_it_ends_too(world):
    log = world / "log"
    env = {**os.environ, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9", "LOG_LEVEL": "INFO"}
    with log.open("wb") as out:
        bot = subprocess.Popen([sys.executable, "-m", "bot"], cwd=ROOT, env=env, stdout=out, stderr=out)
        said(log, "cannot be reached", bot)
        bot.terminate()
        assert bot.wait(30) == 0
    assert "Unclosed" not in log.read_text()


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (404, "Not Found")])
def test_a_token_that_telegram_knows_no_more_ends_the_bot_in_one_line(world, code, words):
    log = world / "log"
    with telegram() as server, log.open("wb") as out:
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot"], cwd=ROOT, env=bot_env(world, server), stdout=out, stderr=out
        )
        said(log, "Ready", bot)
        server.fail("refused", method="getUpdates", code=code, words=words, times=99)
        server.say("Ada", "/help")
        assert bot.wait(30) == 1
    written = log.read_text()
    assert written.count("Telegram does not know this token") == 1
    assert "Traceback" not in written
    assert TOKEN not in written


def test_a_worker_without_a_database_or_a_token_is_told_what_it_needs(world, capsys, monkeypatch):
    assert main(["worker"]) == 2
    assert "DATABASE_URL is not set: workers share a Postgres" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    assert main(["worker"]) == 2
    assert "TELEGRAM_BOT_TOKEN is not set" in capsys.readouterr().err
    assert main(["web"]) == 2
    assert "WEBHOOK_URL is not set: web takes in what Telegram brings there" in capsys.readouterr().err


def test_the_secrets_of_all_settings_are_struck_out_of_what_is_logged(world, capsys, monkeypatch):
    hidden = {"WEBHOOK_SECRET": "s3cret-" * 4, "DATABASE_URL": "postgresql://me:p%40ssw0rd@127.0.0.1:1/none"}
    for name, value in hidden.items():
        monkeypatch.setenv(name, value)
    main(["release"])
    logging.getLogger("x").error("%s, %s, p%%40ssw0rd, p@ssw0rd", *hidden.values())
    assert capsys.readouterr().err.splitlines()[-1].endswith(" ERROR x: …, …, …, …")


def test_a_database_that_cannot_be_reached_ends_it_with_a_sentence(world, capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush@127.0.0.1:1/none")
    assert main(["release"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("cablegram: The database 127.0.0.1/none cannot be read or written")
    assert "hush" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("way", ["--to", "--from"])
def test_to_move_without_a_url_is_to_name_the_database_where_nobody_else_reads_it(world, way, capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    assert main(["migrate", way]) == 2
    assert "DATABASE_URL is not set: name the database there" in capsys.readouterr().err


def test_of_a_database_url_that_cannot_be_read_no_part_is_printed(world, capsys):
    assert main(["migrate", "--to", "postgres//user:hushhush@127.0.0.1:1/none"]) == 2
    said = capsys.readouterr().err
    assert "write postgresql://user:password@host/database" in said
    assert "hush" not in said


def test_on_a_database_it_previews_gathers_and_moves_as_in_a_folder(world, capsys, monkeypatch):
    assert main(["preview", "ukraine-talks", "--json"]) == 0
    embedded = json.loads(capsys.readouterr().out)["topics"]
    with databases.database() as url:
        assert main(["migrate", "--to", url]) == 0
        assert "Moved and compared: 0 subscriptions" in capsys.readouterr().out
        monkeypatch.setenv("DATABASE_URL", url)
        assert main(["release"]) == 0
        assert main(["gather"]) == 0
        assert "Gathered 0 new articles" in capsys.readouterr().out
        assert main(["preview", "ukraine-talks", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["topics"] == embedded
        with workers_running(url):
            assert main(["preview"]) == 1
        assert "A worker gathers into this database" in capsys.readouterr().err
        monkeypatch.setenv("DATA_DIR", str(world / "back"))
        assert main(["migrate", "--from"]) == 0
        monkeypatch.setenv("DATABASE_URL", "")
        assert main(["preview", "ukraine-talks", "--json"]) == 0
    shown = capsys.readouterr().out
    assert json.loads(shown[shown.index("{") :])["topics"] == embedded


@contextmanager
def workers_running(url):
    """As if a worker gathered: it holds the lease for a minute, and gives it back."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE leases SET holder = 'another', until = server_time() + 60000000")
        yield
        connection.execute("UPDATE leases SET until = 0")
