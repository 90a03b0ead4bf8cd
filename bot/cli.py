"""The command line: run the bot, or show, gather and check as an operator."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console

from bot import first_look, logs, service
from bot.clock import program_clock
from bot.newsdesk import filing_line, gathering_line
from bot.views import digest as digest_view
from bot.views import preview as preview_view
from bot.wiring import data_folder, newsdesk
from config.catalogue import in_use, load_feeds, load_topics
from config.settings import Settings, load
from digests.errors import CablegramError, ConfigurationError, PersonError
from digests.model.people import Heading
from digests.model.stories import Digest, Window
from digests.model.topics import Topic, TopicSlug

_log = logging.getLogger(__name__)

DONE, FAILED, WRONG_SETTING, NOTHING_READ = 0, 1, 2, 3

_DESCRIPTION = """\
Cablegram follows world politics in a Telegram chat: many outlets, one digest, and whose each sentence is.

  ./cablegram            run the bot (with TELEGRAM_BOT_TOKEN), or show a digest at once (without)
  ./cablegram preview    gather once and show the digest as a person would read it
  ./cablegram gather     one gathering pass, and a line of figures
  ./cablegram check      format, lint, types, import contracts, tests with coverage

Settings come from the environment or from .env beside the program; README.md lists them."""


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit status: 0; 1 failed; 2 a wrong setting; 3 no feed could be read."""
    options = _parser().parse_args(arguments)
    try:
        settings = load()
        logs.configure(_level(settings, options.command), settings.log_format, _secrets(settings))
        return asyncio.run(_command(settings, options))
    except ConfigurationError as error:
        print(f"cablegram: {error}", file=sys.stderr)
        return WRONG_SETTING
    except CablegramError as error:
        print(f"cablegram: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return DONE


def _secrets(settings: Settings) -> list[str]:
    return [settings.telegram_bot_token.get_secret_value()] if settings.telegram_bot_token else []


def _level(settings: Settings, command: str | None) -> str:
    """What a person at a terminal asked to see is the digest: there only warnings, unless LOG_LEVEL says otherwise."""
    serving = command is None and settings.telegram_bot_token is not None
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
        message = f"{text} is no number of hours from 1 to 168"
        raise argparse.ArgumentTypeError(message)
    return hours


async def _command(settings: Settings, options: argparse.Namespace) -> int:
    if options.command == "preview":
        return await _preview(settings, options)
    if options.command == "gather":
        return await _gather(settings)
    if settings.telegram_bot_token is not None:
        return await service.run(settings)
    return await _first_look(settings)


async def _preview(settings: Settings, options: argparse.Namespace) -> int:
    clock = program_clock(settings.clock)
    topics = load_topics(settings.topics_dir)
    asked = _asked(options.topics, topics)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    with data_folder(settings.data_dir) as folder:
        async with newsdesk(settings, topics, feeds, clock, folder.database) as desk:
            report = await desk.gather_and_file()
            end = clock()
            window = Window(start=end - timedelta(hours=options.hours), end=end)
            digest = await desk.composer.compose(asked, window)
    if options.json:
        print(json.dumps(preview_view.as_json(digest), ensure_ascii=False, indent=1))
    else:
        _show(digest, html=options.shape == "html")
    if not report.reached:
        print(f"cablegram: no feed could be read, of {len(feeds)}: is this machine online?", file=sys.stderr)
        return NOTHING_READ
    return DONE


def _asked(words: Sequence[str], topics: Sequence[Topic]) -> tuple[TopicSlug, ...]:
    known = {topic.slug: topic for topic in topics}
    unknown = [word for word in words if word not in known]
    if unknown:
        message = f"there is no topic {unknown[0]}; there are {', '.join(known)}."
        raise PersonError(message)
    return tuple(TopicSlug(word) for word in dict.fromkeys(words)) or tuple(known)


async def _gather(settings: Settings) -> int:
    clock = program_clock(settings.clock)
    topics = load_topics(settings.topics_dir)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    with data_folder(settings.data_dir) as folder:
        async with newsdesk(settings, topics, feeds, clock, folder.database) as desk:
            report = await desk.gatherer.gather()
            filed = await desk.filer.file()
    print(gathering_line(report), filing_line(filed))
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


def _show(digest: Digest, *, html: bool) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    heading = Heading(at=digest.window.end, zone="UTC", city=None)
    for part in digest_view.split(digest, heading):
        markup = digest_view.render(part).html
        if html:
            print(markup)
        else:
            console.print(preview_view.as_text(markup))
