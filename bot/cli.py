"""The command line: run the bot, or show, gather and check as an operator."""

import argparse
import asyncio
import difflib
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console

from bot import doctor, first_look, logs, service
from bot.clock import program_clock
from bot.newsdesk import failure_lines, filing_line, gathering_line
from bot.stores import opened
from bot.views import digest as digest_view
from bot.views import preview as preview_view
from bot.wiring import newsdesk
from config.catalogue import in_use, load_feeds, load_topics
from config.settings import Settings, load
from digests.conversation.words import fold
from digests.errors import CablegramError, ConfigurationError, PersonError
from digests.model.people import Heading
from digests.model.stories import Digest, Window
from digests.model.topics import Topic, TopicSlug

_log = logging.getLogger(__name__)

LONG = 8  # characters of a password that is struck out of what is logged
DONE, FAILED, WRONG_SETTING, NOTHING_READ = 0, 1, 2, 3

_DESCRIPTION = """\
Cablegram follows world politics in a Telegram chat: many outlets, one digest, and whose each sentence is.

  ./cablegram            run the bot (with TELEGRAM_BOT_TOKEN), or show a digest at once (without)
  ./cablegram preview    gather once and show the digest as a person would read it
  ./cablegram gather     one gathering pass, and a line of figures
  ./cablegram worker     gather, answer and deliver beside other workers (with DATABASE_URL)
  ./cablegram web        take in what Telegram brings to WEBHOOK_URL, for workers to answer
  ./cablegram migrate    move all that is kept into the Postgres of DATABASE_URL (--to), or back (--from)
  ./cablegram doctor     check files, stores and clock, and say what to do where something is wrong
  ./cablegram release    bring the database up to date, before the workers of a new version start
  ./cablegram check      format, lint, types, import contracts, tests with coverage

Settings come from the environment or from .env beside the program; README.md lists them."""


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status: 0; 1 failed; 2 a wrong setting; 3 no feed could be read."""
    secrets: tuple[str, ...] = ()
    try:
        options = _parser().parse_args(arguments)
        settings = load()
        secrets = _secrets(settings, options)
        logs.configure(_level(settings, options.command), settings.log_format, secrets)
        status = asyncio.run(_command(settings, options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Who read it has read enough; what is left to be written at the very end must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except ConfigurationError as error:
        print(logs.redact(f"cablegram: {error}", secrets), file=sys.stderr)
        return WRONG_SETTING
    except CablegramError as error:
        print(logs.redact(f"cablegram: {error}", secrets), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return DONE
    return status


def _secrets(settings: Settings, options: argparse.Namespace) -> tuple[str, ...]:
    given = [url for name in ("to", "source") if (url := getattr(options, name, None))]
    return tuple(each for secret in (*settings.secrets, *given) for each in (secret, *logs.passwords(secret)))


def _level(settings: Settings, command: str | None) -> str:
    """What a person at a terminal asked to see is the digest: there only warnings, unless LOG_LEVEL says otherwise."""
    serving = command in {"worker", "web"} or (command is None and settings.telegram_bot_token is not None)
    return settings.log_level if serving or "log_level" in settings.model_fields_set else "WARNING"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./cablegram", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    preview = commands.add_parser("preview", help="gather once and show the digest")
    preview.add_argument("topics", nargs="*", metavar="topic", help="such as new-start; all shipped topics without one")
    preview.add_argument("--hours", type=_hours, default=24.0, help="how far to look back (24)")
    shape = preview.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object on standard output, and nothing else there")
    shape.add_argument("--as", dest="shape", choices=("html",), help="the message as Telegram gets it")
    commands.add_parser("gather", help="one gathering pass, and a line of figures")
    commands.add_parser("web", help="take in what Telegram brings to WEBHOOK_URL, for workers on the same DATABASE_URL")
    commands.add_parser("worker", help="gather, answer and deliver, beside other workers on the same DATABASE_URL")
    migrate = commands.add_parser("migrate", help="move all that is kept from DATA_DIR into a Postgres, or back")
    way = migrate.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", nargs="?", const="", metavar="URL", help="into an empty one; DATABASE_URL without a URL")
    way.add_argument("--from", dest="source", nargs="?", const="", metavar="URL", help="from it into an empty DATA_DIR")
    commands.add_parser("doctor", help="check files, stores and clock, and say what to do where something is wrong")
    commands.add_parser("release", help="bring the database up to date")
    commands.add_parser(
        "check", help="format, lint, types, import contracts, tests (run by the script ./cablegram itself)"
    )
    return parser


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 168:
        message = f"--hours={text}: write a number of hours above 0 and up to 168."
        raise ConfigurationError(message)
    return hours


async def _command(settings: Settings, options: argparse.Namespace) -> int:
    if options.command == "preview":
        return await _preview(settings, options)
    if options.command == "gather":
        return await _gather(settings)
    if options.command == "migrate":
        return await _migrate(settings, options)
    if options.command == "release":
        return await _release(settings)
    if options.command == "doctor":
        return await _doctor(settings)
    if options.command == "worker":
        return await service.run(_as_worker(settings), listens=False)
    if options.command == "web":
        return await service.take_in(_as_web(settings))
    if settings.telegram_bot_token is not None:
        return await service.run(settings)
    return await _first_look(settings)


def _as_worker(settings: Settings) -> Settings:
    """The settings, if a worker can stand on them. Raises ConfigurationError."""
    if settings.database_url is None:
        message = (
            "DATABASE_URL is not set: workers share a Postgres; name it, or run ./cablegram, which does all alone."
        )
        raise ConfigurationError(message)
    if settings.telegram_bot_token is None:
        message = (
            "TELEGRAM_BOT_TOKEN is not set: a worker answers and delivers as a bot; take its token from @BotFather."
        )
        raise ConfigurationError(message)
    return settings


def _as_web(settings: Settings) -> Settings:
    """The settings, if updates can be taken in with them. Raises ConfigurationError."""
    if settings.webhook_url is None:
        message = "WEBHOOK_URL is not set: web takes in what Telegram brings there; name it and WEBHOOK_SECRET, or run workers alone, who ask."
        raise ConfigurationError(message)
    return _as_worker(settings)


async def _migrate(settings: Settings, options: argparse.Namespace) -> int:
    from bot.moving import move  # with the library of the database, which nothing else here needs

    url = options.to or options.source or (settings.database_url and settings.database_url.get_secret_value())
    if not url:
        message = "DATABASE_URL is not set: name the database there, where no list of processes shows its password."
        raise ConfigurationError(message)
    print(await move(settings.data_dir, url, back=options.to is None))
    remedy = "unset DATABASE_URL" if options.to is None else "set DATABASE_URL to it"
    print(f"Now {remedy}, and never run the bot on both: what one sends the other does not know.")
    return DONE


async def _release(settings: Settings) -> int:
    async with opened(settings):
        print("The database is up to date.")
    return DONE


async def _doctor(settings: Settings) -> int:
    findings = await doctor.examine(settings)
    width = max(len(each.about) for each in findings)
    for each in findings:
        print(f"{'ok   ' if each.remedy is None else 'WRONG'}  {each.about:{width}}  {each.seen}")
        if each.remedy is not None:
            print(f"{'':{width + 7}}  → {each.remedy}")
    wrong = sum(each.remedy is not None for each in findings)
    print(f"{wrong} of {len(findings)} checks found something wrong." if wrong else "All is well.")
    return FAILED if wrong else DONE


async def _preview(settings: Settings, options: argparse.Namespace) -> int:
    clock = program_clock(settings.clock)
    topics = load_topics(settings.topics_dir)
    asked = _asked(options.topics, topics)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    async with newsdesk(settings, topics, feeds, clock) as desk:
        report = await desk.gather_and_file()
        end = clock()
        window = Window(start=end - timedelta(hours=options.hours), end=end)
        await desk.read_pages(asked, window)
        digest = await desk.composer.compose(asked, window)
    if options.json:
        print(json.dumps(preview_view.as_json(digest), ensure_ascii=False, indent=1))
    else:
        _show(digest, html=options.shape == "html")
    if not report.reached:
        print(f"cablegram: no feed could be read, of {len(feeds)}: is this machine online?", file=sys.stderr)
        print(*failure_lines(report), sep="\n", file=sys.stderr)
        return NOTHING_READ
    return DONE


def _asked(words: Sequence[str], topics: Sequence[Topic]) -> tuple[TopicSlug, ...]:
    """The topics of these slugs or titles, as they may be spelt in the chat; all of them without one."""
    known = {fold(name): topic.slug for topic in topics for name in (topic.slug, topic.title)}
    slugs = tuple(topic.slug for topic in topics)
    for word in words:
        if fold(word) not in known:
            near = difflib.get_close_matches(fold(word), known, n=1)
            hint = f" Did you mean {known[near[0]]}?" if near else ""
            message = f"there is no topic {word}; there are {', '.join(slugs)}.{hint}"
            raise PersonError(message)
    return tuple(dict.fromkeys(known[fold(word)] for word in words)) or slugs


async def _gather(settings: Settings) -> int:
    clock = program_clock(settings.clock)
    topics = load_topics(settings.topics_dir)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    async with newsdesk(settings, topics, feeds, clock) as desk:
        report = await desk.gatherer.gather()
        filed = await desk.filer.file()
    print(gathering_line(report), filing_line(filed))
    print(*(f"  {line}\n" for line in failure_lines(report)), sep="", end="")
    return DONE if report.reached else NOTHING_READ


async def _first_look(settings: Settings) -> int:
    digest, invented = await first_look.digest(settings)
    if invented:
        print("INVENTED SAMPLE: no feed could be read within 5 s, so these outlets and events are made up.\n")
    _show(digest, html=False)
    print()
    print(
        "To have this in a chat, daily and on demand: talk to @BotFather in Telegram, send /newbot, and take its token."
    )
    print("Then start again with it: TELEGRAM_BOT_TOKEN=123456789:ABC… ./cablegram   (or write that line into .env)")
    return DONE


class _Page(Console):
    """A terminal whose reader may leave; rich would end the process with a status of its own."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _show(digest: Digest, *, html: bool) -> None:
    console = _Page(highlight=False, markup=False, soft_wrap=True)
    heading = Heading(at=digest.window.end, zone="UTC", city=None)
    for part in digest_view.split(digest, heading):
        markup = digest_view.render(part).html
        if html:
            print(markup)
        else:
            console.print(preview_view.as_text(markup))
