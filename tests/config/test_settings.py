"""What the operator set, and what he is told when it is wrong."""

import re
from datetime import UTC, datetime

import pytest

from config.settings import PROGRAM, load
from digests.errors import ConfigurationError

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    import os

    for name in list(os.environ):
        if re.match(
            r"(TELEGRAM|DATA_DIR|DATABASE|DYNO|FEEDS|TOPICS|GATHER|TICK|WEBHOOK|PORT|SEND|JURIS|ADMIN|LOG|ALLOW|CLOCK)",
            name,
        ):
            monkeypatch.delenv(name)


def settings(monkeypatch, **values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load(env_file=None)


def test_without_a_word_from_the_operator_the_defaults_hold(monkeypatch):
    found = settings(monkeypatch)
    assert found.telegram_bot_token is None
    assert found.telegram_api_url == "https://api.telegram.org"
    assert found.data_dir == PROGRAM / "data"
    assert (found.gather_every, found.tick_every, found.port, found.send_rate) == (300, 5, 8080, 29.4)
    assert (found.log_level, found.log_format, found.allow_private_feeds) == ("INFO", "text", False)
    assert found.clock is None
    assert found.admin_ids == frozenset()


def test_what_is_set_is_taken(monkeypatch):
    found = settings(
        monkeypatch,
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:8081/",
        GATHER_EVERY="0.5",
        ADMIN_IDS="1, 22",
        JURISDICTION="eu",
        LOG_LEVEL="debug",
        ALLOW_PRIVATE_FEEDS="true",
        CLOCK="2026-11-24T02:34:33.608Z=2026-02-04T18:00:00+02:00*600",
    )
    assert found.telegram_bot_token.get_secret_value() == TOKEN
    assert found.telegram_api_url == "http://127.0.0.1:8081"
    assert found.gather_every == 0.5
    assert found.admin_ids == {1, 22}
    assert (found.jurisdiction, found.log_level, found.allow_private_feeds) == ("EU", "DEBUG", True)
    assert found.clock.replayed == datetime(2026, 2, 4, 16, tzinfo=UTC)
    assert found.clock.speed == 600


def test_relative_paths_are_relative_to_the_program_wherever_it_is_called_from(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    found = settings(monkeypatch, DATA_DIR="elsewhere", FEEDS_FILE=str(tmp_path / "feeds.toml"))
    assert found.data_dir == PROGRAM / "elsewhere"
    assert found.feeds_file == tmp_path / "feeds.toml"


def test_all_problems_come_in_one_error_each_with_option_value_and_remedy(monkeypatch):
    with pytest.raises(ConfigurationError) as raised:
        settings(
            monkeypatch,
            GATHER_EVERY="often",
            PORT="99999",
            CLOCK="noon",
            ADMIN_IDS="me",
            TELEGRAM_API_URL="telegram",
            LOG_LEVEL="loud",
        )
    lines = str(raised.value).splitlines()
    assert len(lines) == 6
    for name, value, remedy in [
        ("GATHER_EVERY", "often", "write a number."),
        ("PORT", "99999", "write a number of at most 65535."),
        ("CLOCK", "noon", "2026-11-24T02:34:33Z=2026-02-04T18:00:00Z*600"),
        ("ADMIN_IDS", "me", "123456789,987654321"),
        ("TELEGRAM_API_URL", "telegram", "https://api.telegram.org"),
        ("LOG_LEVEL", "LOUD", "'DEBUG'"),
    ]:
        assert any(line.startswith(f"{name}={value}: ") and remedy in line for line in lines), name


@pytest.mark.parametrize(
    "clock",
    ["2026-11-24T02:34:33=2026-02-04T18:00:00Z*600", "2026-11-24T02:34:33Z=yesterday*600", "2026-11-24T02:34:33Z=2026-02-04T18:00:00Z*0",
     "2026-11-24T02:34:33Z=2026-02-04T18:00:00Z*1.2.3"],
)  # fmt: skip
def test_a_clock_without_zone_or_pace_is_refused(monkeypatch, clock):
    with pytest.raises(ConfigurationError, match="CLOCK="):
        settings(monkeypatch, CLOCK=clock)


@pytest.mark.parametrize("place", ["Narnia", "UKR", "1"])
def test_a_jurisdiction_is_two_letters(monkeypatch, place):
    with pytest.raises(ConfigurationError, match=f"JURISDICTION={place}: write the two letters of the country"):
        settings(monkeypatch, JURISDICTION=place)


def test_a_wrong_token_is_never_shown(monkeypatch):
    with pytest.raises(ConfigurationError) as raised:
        settings(monkeypatch, TELEGRAM_BOT_TOKEN="hunter2-secret")
    assert "hunter2" not in str(raised.value)
    assert "@BotFather" in str(raised.value)


def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "token").write_text(TOKEN + "\n")
    found = settings(monkeypatch, TELEGRAM_BOT_TOKEN_FILE=str(tmp_path / "token"))
    assert found.telegram_bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(found)


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch, tmp_path):
    with pytest.raises(ConfigurationError, match=r"TELEGRAM_BOT_TOKEN_FILE=.*gone cannot be read \(No such file"):
        settings(monkeypatch, TELEGRAM_BOT_TOKEN_FILE=str(tmp_path / "gone"))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ConfigurationError, match="it is no text"):
        settings(monkeypatch, TELEGRAM_BOT_TOKEN_FILE=str(tmp_path / "binary"))


def test_the_env_file_beside_the_program_counts_and_the_environment_goes_before_it(monkeypatch, tmp_path):
    env = tmp_path / ".env"
    env.write_text("PORT=9000\nTICK_EVERY=2\n")
    monkeypatch.setenv("TICK_EVERY", "3")
    found = load(env_file=env)
    assert (found.port, found.tick_every) == (9000, 3)
    env.write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load(env_file=env)


@pytest.mark.parametrize("url", ["mysql://user:hush@db/x", "postgresql://user:hush@[db/x", "hush"])
def test_what_this_version_cannot_do_is_refused_and_not_ignored(monkeypatch, url):
    with pytest.raises(ConfigurationError) as raised:
        settings(monkeypatch, DATABASE_URL=url, WEBHOOK_URL="https://bot.example")
    assert "hush" not in str(raised.value)
    assert [line.split("=")[0] for line in str(raised.value).splitlines()] == ["DATABASE_URL", "WEBHOOK_URL"]


def test_an_empty_option_is_one_that_is_not_set(monkeypatch):
    found = settings(monkeypatch, JURISDICTION="", CLOCK="", TELEGRAM_BOT_TOKEN="", ADMIN_IDS="")
    assert (found.jurisdiction, found.clock, found.telegram_bot_token, found.admin_ids) == (
        None,
        None,
        None,
        frozenset(),
    )


def test_a_host_whose_disk_does_not_last_needs_a_database(monkeypatch):
    with pytest.raises(ConfigurationError, match=r"DYNO=web\.1: this host's disk does not last.*DATABASE_URL"):
        settings(monkeypatch, DYNO="web.1")
    assert settings(monkeypatch, DYNO="web.1", DATABASE_URL="postgres://user:pass@db/x").dyno == "web.1"


def test_where_the_database_is_wrong_that_alone_is_said(monkeypatch):
    with pytest.raises(ConfigurationError) as raised:
        settings(monkeypatch, DYNO="web.1", DATABASE_URL="sqlite:///x")
    assert [line.split("=")[0] for line in str(raised.value).splitlines()] == ["DATABASE_URL"]


@pytest.mark.parametrize(
    ("url", "secret", "wrong"),
    [
        ("https://bot.example/updates", "", "WEBHOOK_URL"),
        ("bot.example", "x" * 16, "WEBHOOK_URL"),
        ("https://bot.example/updates", "short", "WEBHOOK_SECRET"),
    ],
)
def test_a_webhook_needs_an_address_and_a_secret_that_is_never_shown(monkeypatch, url, secret, wrong):
    with pytest.raises(ConfigurationError) as raised:
        settings(monkeypatch, WEBHOOK_URL=url, WEBHOOK_SECRET=secret)
    assert [line.split("=")[0] for line in str(raised.value).splitlines()] == [wrong]
    assert "=short" not in str(raised.value)


def test_a_webhook_with_both_is_taken(monkeypatch):
    found = settings(monkeypatch, WEBHOOK_URL="https://bot.example/updates", WEBHOOK_SECRET="x_-9" * 4)
    assert (found.webhook_url, found.webhook_secret.get_secret_value()) == ("https://bot.example/updates", "x_-9" * 4)
