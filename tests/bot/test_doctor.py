"""./cablegram doctor over data that are really damaged: what it says, its status, and that what it advises helps."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest

from benchmarks import databases
from bot.cli import main
from bot.clock import machine_clock
from bot.shared_stores import shared
from bot.stores import opened
from config.settings import Settings
from digests.adapters import data_folder, embedded_examination
from digests.adapters.data_folder import DataFolder
from digests.adapters.embedded_chats import EmbeddedChats
from digests.adapters.sqlite.chats import SqliteChats
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.examination import REBUILD
from digests.adapters.tinydb_people import TinyPeople
from digests.model.people import Address, ChatId, DeliveryState, Edition, Heading
from digests.model.stories import DigestId
from digests.ports import Gathering, Plan
from tests.builders import NOON, article, subscription

NOW = datetime.now(UTC)
LEASE = timedelta(minutes=5)
HERE = Address(chat=ChatId(7))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in (
        "TELEGRAM_BOT_TOKEN",
        "LOG_LEVEL",
        "CLOCK",
        "JURISDICTION",
        "TOPICS_DIR",
        "FEEDS_FILE",
        "DATABASE_URL",
    ):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return Settings(data_dir=tmp_path / "data", _env_file=None)


@pytest.fixture
def doctor(capsys):
    """Calls it: the status, what it says by what it is about, and what it calls wrong."""

    def call():
        capsys.readouterr()
        status = main(["doctor"])
        *lines, verdict = capsys.readouterr().out.splitlines()
        said, wrong, about = {}, set(), None
        for line in lines:
            if line.strip().startswith("→"):
                said[about] += line
                continue
            about = line[7:].partition("  ")[0]
            said[about] = line
            wrong |= {about} if line.startswith("WRONG") else set()
        assert (status == 0) == (verdict == "All is well.") == (not wrong)
        return status, said, wrong

    return call


def edition(chat=7, day=4):
    address = Address(chat=ChatId(chat))
    return Edition(
        address=address, day=date(2026, 2, day), slot=time(8), due=NOW - timedelta(hours=day), zone="Europe/Kyiv"
    )


async def live(stores):
    """A bot's life: articles, a reader, an edition that was delivered, an update that was handled."""
    assert stores.begin_pass()
    articles = tuple(article(number, f"Envoys met {number} times") for number in range(1, 30))
    await stores.archive.save_gathering(Gathering(states=(), gaps=(), articles=articles))
    await stores.people.put(subscription(7))
    claim = await begin(stores, edition())
    await stores.ledger.sent(claim, 1, 12)
    await stores.ledger.release(claim, timedelta())
    await stores.updates.put(1, b"{}")
    await stores.updates.handled(1)


async def begin(stores, one):
    """An edition up to the middle of sending its only part."""
    claim = await stores.ledger.claim(one, LEASE)
    heading = Heading(at=NOON, zone="Europe/Kyiv", city=None)
    await stores.ledger.save_plan(claim, Plan(digest=DigestId("a"), heading=heading, states=(DeliveryState.PENDING,)))
    await stores.ledger.sending(claim, 1)
    return claim


def embedded(settings, *works):
    """Do something with the stores of a folder."""

    async def do():
        async with opened(settings) as stores:
            for work in works:
                await work(stores)

    asyncio.run(do())


@pytest.fixture
def lived(settings):
    embedded(settings, live)
    return settings.data_dir


def execute(folder, *statements, keys=True):
    with closing(sqlite3.connect(folder / "cablegram.sqlite", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA foreign_keys = {keys}")
        for statement in statements:
            connection.execute(statement)


def content(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.suffix in {".json", ".bak", ".sqlite"}}


# Sound


def test_before_the_first_start_all_is_well_and_nothing_is_made(settings, doctor):
    status, said, _ = doctor()
    assert status == 0
    assert "is not there yet" in said["folder"]
    assert not settings.data_dir.exists()


def test_what_a_life_has_left_is_well_and_stays_as_it_is(lived, doctor):
    before = content(lived)
    status, said, _ = doctor()
    assert status == 0
    assert "whole, with 29 articles" in said["database"]
    assert "Subscriptions: 1" in said["people"]
    assert content(lived) == before


def test_an_empty_folder_is_well(settings, doctor):
    settings.data_dir.mkdir()
    status, said, _ = doctor()
    assert status == 0
    assert "not there yet" in said["database"]
    assert "nobody has subscribed" in said["people's file"]


def test_beside_a_running_bot_it_says_so_and_reads_what_is_there(lived, doctor):
    with DataFolder(lived):
        status, said, _ = doctor()
    assert status == 0
    assert "is used by a running bot (process " in said["folder"]
    assert "whole, with 29 articles" in said["database"]


def test_while_it_looks_no_bot_can_begin(lived, doctor, monkeypatch):
    look = embedded_examination._people

    def meanwhile(path):
        with pytest.raises(data_folder.StorageBusy), DataFolder(lived):
            pass
        return look(path)

    monkeypatch.setattr(embedded_examination, "_people", meanwhile)
    assert doctor()[0] == 0


# Files and folders


def test_a_folder_that_cannot_be_written_is_told(settings, doctor):
    settings.data_dir.write_text("no folder")
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"folder"})
    assert "cannot be written" in said["folder"]


def test_a_full_disk_is_told(lived, doctor, monkeypatch):
    monkeypatch.setattr(embedded_examination, "LEAST_FREE", shutil.disk_usage(lived).total + 1)
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"folder"})
    assert "make room on the disk" in said["folder"]


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(file.read_bytes()[:90])])
@pytest.mark.parametrize("name", ["people.json", "people.json.bak"])
def test_one_of_the_peoples_twins_that_is_not_whole_is_named_and_a_start_mends_it(
    lived, settings, doctor, name, damage
):
    damage(lived / name)
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"people's file"})
    assert f"{name} " in said["people's file"]
    assert "Subscriptions: 1" in said["people"]

    async def change(stores):
        await stores.people.put(subscription(8))

    embedded(settings, change)
    assert doctor()[0] == 0


def test_where_both_twins_are_torn_nothing_is_said_of_people(lived, doctor):
    for name in ("people.json", "people.json.bak"):
        (lived / name).write_bytes(b"{")
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"people's file"})
    assert "put back a good copy" in said["people's file"]
    assert "people" not in said


def test_people_of_another_version_are_told(lived, doctor):
    stored = json.loads((lived / "people.json").read_bytes())
    stored["schema"]["1"]["version"] = 99
    (lived / "people.json").write_text(json.dumps(stored))
    assert "another version of Cablegram" in doctor()[1]["people's file"]


def test_a_database_that_is_none_is_told(lived, doctor):
    (lived / "cablegram.sqlite").write_bytes(b"this is no database" * 100)
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "is not whole: file is not a database" in said["database"]


def test_a_damaged_page_is_found(lived, doctor):
    file = lived / "cablegram.sqlite"
    body = bytearray(file.read_bytes())
    for page in range(4096, len(body), 4096):
        body[page : page + 200] = bytes(200)
    file.write_bytes(body)
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "put back a good copy" in said["database"]


def test_an_index_that_is_not_its_tables_is_found(lived, doctor):
    execute(
        lived,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX articles_by_age ON articles (title)' WHERE name = 'articles_by_age'",
    )
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "missing from index articles_by_age" in said["database"]


def test_rows_that_hang_on_nothing_are_found(lived, doctor):
    execute(lived, "DELETE FROM articles WHERE number = 3", keys=False)
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "rows of unfiled hang on others that are gone" in said["database"]


@pytest.mark.parametrize(("version", "remedy"), [(99, "run the newer Cablegram"), (1, "start the bot")])
def test_tables_of_another_version_are_told(lived, doctor, version, remedy):
    execute(lived, f"PRAGMA user_version = {version}")
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert remedy in said["database"]


@pytest.mark.parametrize(
    "astray",
    [
        "DELETE FROM article_words_docsize WHERE id = 3",
        "INSERT INTO article_words (rowid, title, text) VALUES (999, 'ghost', 'ghost')",
        "UPDATE articles SET title = 'Something else' WHERE number = 3",
    ],
    ids=["missing", "left over", "other words"],
)
def test_an_index_that_does_not_agree_is_found_and_what_is_advised_mends_it(lived, doctor, astray):
    execute(lived, astray)
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"full text"})
    assert REBUILD in said["full text"]
    execute(lived, REBUILD)
    assert doctor()[0] == 0


def test_a_file_that_another_program_has_locked_is_not_taken_for_damaged(lived, doctor):
    with closing(sqlite3.connect(lived / "cablegram.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN IMMEDIATE")
        _, said, wrong = doctor()
    assert wrong == {"database"}
    assert "cannot be read: database is locked" in said["database"]
    assert "which other program" in said["database"]


def test_bad_files_of_the_operator_are_told_and_the_rest_is_looked_at_all_the_same(
    lived, doctor, monkeypatch, tmp_path
):
    monkeypatch.setenv("FEEDS_FILE", str(tmp_path / "nowhere.toml"))
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "talks.toml").write_text("title = 3")
    monkeypatch.setenv("TOPICS_DIR", str(tmp_path / "topics"))
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"feeds", "topics"})
    assert "talks.toml: title" in said["topics"]
    assert "whole, with 29 articles" in said["database"]


def test_a_bad_setting_is_told_as_everywhere(settings, monkeypatch, capsys):
    monkeypatch.setenv("PORT", "0")
    assert main(["doctor"]) == 2
    assert "PORT=0" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["postgresql://me:hush@[nowhere/none", "postgresql://me:hush hush@nowhere/none"])
def test_a_bad_address_of_the_database_is_told_without_its_password(settings, monkeypatch, capsys, url):
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["doctor"]) == 2
    said = capsys.readouterr().err
    assert "DATABASE_URL=…" in said
    assert "hush" not in said


# People and ledger


def test_a_kill_in_the_middle_of_sending_is_told_and_a_start_ends_it(lived, settings, doctor):
    embedded(settings, lambda stores: begin(stores, edition(day=5)))
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"ledger"})
    assert "A process that is gone held 1 and was in the middle of sending 1" in said["ledger"]
    embedded(settings, lambda stores: stores.ledger.settle())
    status, said, _ = doctor()
    assert status == 0
    assert "in doubt, readers to be told: 1" in said["ledger"]


def test_a_kill_between_the_steps_of_a_change_of_both_stores_is_told_and_a_start_ends_it(lived, settings, doctor):
    async def half():
        async with Database(lived / "cablegram.sqlite") as database:
            await SqliteChats(database).move(ChatId(7), ChatId(-100))

    asyncio.run(half())
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"people and ledger"})
    assert "move of chat 7" in said["people and ledger"]

    async def start():
        async with Database(lived / "cablegram.sqlite") as database, TinyPeople(lived / "people.json") as people:
            await EmbeddedChats(SqliteChats(database), people).settle()

    asyncio.run(start())
    assert doctor()[0] == 0


def test_editions_of_a_chat_that_was_forgotten_are_told_and_a_start_forgets_them(lived, settings, doctor):
    embedded(settings, lambda stores: begin(stores, edition(chat=9)), lambda stores: stores.ledger.settle())
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"people and ledger"})
    assert "(9)" in said["people and ledger"]
    embedded(settings, lambda stores: stores.chats.settle())
    assert doctor()[0] == 0


def test_an_update_of_tomorrow_tells_of_a_clock_that_went_back(lived, doctor):
    execute(lived, f"UPDATE updates SET received = {int((NOW + timedelta(days=1)).timestamp() * 1e6)}")
    assert doctor()[2] == {"clock"}


# On a PostgreSQL


@pytest.fixture
def url(settings, monkeypatch):
    with databases.database() as made:
        monkeypatch.setenv("DATABASE_URL", made)
        yield made


@pytest.fixture
def worked(url):
    on_postgres(url, live)
    return url


def on_postgres(url, *works):
    async def do():
        async with shared(url, timedelta(seconds=20)) as stores:
            for work in works:
                await work(stores)

    asyncio.run(do())


def told_server(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_database_that_workers_have_left_is_well(worked, doctor):
    status, said, _ = doctor()
    assert status == 0
    assert "of this version" in said["database"]
    assert "None is running" in said["workers"]
    assert "Subscriptions: 1" in said["people"]


def test_a_database_that_cannot_be_reached_is_told_without_its_password(settings, doctor, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush@127.0.0.1:1/none")
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "The database 127.0.0.1/none cannot be read" in said["database"]
    assert "hush" not in str(said)


def test_a_new_database_is_not_made_by_looking_but_by_release(url, doctor):
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "call ./cablegram release" in said["database"]
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert main(["release"]) == 0
    assert doctor()[0] == 0


def test_a_database_of_a_newer_version_is_told(worked, doctor):
    told_server(worked, "INSERT INTO schema_version VALUES (99)")
    assert "run the newer Cablegram" in doctor()[1]["database"]


def test_beside_running_workers_every_duty_is_looked_for(worked, doctor):
    until = "server_time() + 60000000"
    told_server(worked, f"INSERT INTO leases VALUES ('worker 1-a', '1-a', 1, {until})")
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"workers"})
    assert "gathering and filing and answering is nobody's duty" in said["workers"]
    told_server(worked, f"UPDATE leases SET until = {until}")
    status, said, _ = doctor()
    assert status == 0
    assert "Running: 1, and every duty is somebody's" in said["workers"]


def test_what_workers_have_left_when_they_were_killed_is_told(worked, doctor):
    on_postgres(worked, lambda stores: begin(stores, edition(day=5)))
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"ledger"})
    assert "held 1 and was in the middle of sending 1" in said["ledger"]
    on_postgres(worked, lambda stores: stores.ledger.settle())
    assert doctor()[0] == 0


def test_a_row_of_people_that_cannot_be_read_is_named(worked, doctor):
    told_server(worked, """UPDATE people SET document = '{"chat": 7}'""")
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"people's rows"})
    assert "chat 7" in said["people's rows"]


def test_a_machine_whose_clock_is_not_the_servers_is_told(worked, doctor, monkeypatch):
    monkeypatch.setattr("bot.doctor.machine_clock", lambda: machine_clock() + timedelta(minutes=4))
    status, said, wrong = doctor()
    assert (status, wrong) == (1, {"database"})
    assert "its clock is -2" in said["database"]
