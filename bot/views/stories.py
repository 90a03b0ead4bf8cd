"""One story of a digest in full: its sentences, its sources, and the choice of another."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardMarkup

from bot.views.digest import alone, aside, day, flag, moment, ownership, quoted, sources, voices, zone_name
from bot.views.layout import button, fitted, grid
from bot.views.markup import View, bold, escape, link, quotation, shorten
from digests.errors import PersonError
from digests.model.answers import Chosen, Contents, Telling
from digests.model.articles import Article
from digests.model.stories import Brief, Report

_TITLE = 200
_VOICES = 10
_WISHES = {
    "tell": "Tap a story to read it in full.",
    "list": "Tap a story to see who reports it.",
    "weigh": "Tap a story to see how each side tells it.",
    "quote": "Tap a story to see the outlets’ exact words.",
}


def more(telling: Telling) -> View:
    """Up to ten attributed sentences with their links, and who reports it."""
    chosen = telling.chosen
    articles = {report.article.id: report.article for report in chosen.brief.reports}
    sentences = [f"• {quoted(sentence, articles[sentence.article])}" for sentence in telling.sentences]
    only = chosen.brief.alone
    top = (heading(chosen), sources(chosen.brief), *([escape(alone(only))] if only else ()))
    blocks = ["\n".join(top), *(sentences or _headlines(chosen)), *map(aside, chosen.brief.beside)]
    buttons = (("Originals", "quote"), ("Sources", "list")) if sentences else (("Sources", "list"),)
    return View(html=fitted(blocks, "\n\n"), keyboard=around(chosen, "tell", *buttons))


def originals(telling: Telling) -> View:
    """Each sentence as it is told, and below it the outlet's exact words."""
    chosen = telling.chosen
    articles = {report.article.id: report.article for report in chosen.brief.reports}
    blocks = [f"{heading(chosen)}\n{escape('Each sentence as told here, and below it the outlet’s exact words.')}"]
    for sentence, words in zip(telling.sentences, telling.originals, strict=True):
        article = articles[sentence.article]
        blocks.append(f"• {escape(sentence.text)}\n{quotation(words)}\n{link(article.url, article.outlet.name)}")
    return View(html=fitted(blocks, "\n\n"), keyboard=around(chosen, "quote", ("In full", "tell"), ("Sources", "list")))


def told_sources(chosen: Chosen) -> View:
    """Why it is here; every outlet in order of time, with headline and ownership; reprints under the one that they repeat.

    Below stand those who tell other stories of the affair.
    """
    why = f"Here under {chosen.topic}: {chosen.why}.\n" if chosen.why else ""
    blocks = [f"{heading(chosen)}\n{escape(f'{why}Times in {zone_name(chosen.zone, chosen.city)}.')}"]
    blocks += _dated(chosen.brief.reports, chosen.zone)
    for other in chosen.brief.beside:
        blocks += [bold(f"{'Earlier' if other.earlier else 'Also'}: {shorten(other.headline, _TITLE)}")]
        blocks += _dated(other.reports, chosen.zone)
    return View(html=fitted(blocks, "\n\n"), keyboard=around(chosen, "list", ("In full", "tell")))


def _dated(told: Sequence[Report], zone: str) -> Iterator[str]:
    """A block for each origin, the first of each day below its date."""
    by_origin: dict[str, list[Report]] = {}
    for report in sorted(_once(told), key=lambda each: each.article.published):
        by_origin.setdefault(report.origin, []).append(report)
    above: date | None = None
    for origin, reports in by_origin.items():
        begun = _local(reports[0], zone).date()
        dated = [bold(day(begun))] if begun != above else []
        above = begun
        own = [report for report in reports if report.article.outlet.name == origin]
        others = [report for report in reports if report.article.outlet.name != origin]
        lines = [f"{_whose(own[0])}, {_told(own[0], zone, begun)}"] if own else [f"{bold(origin)}, carried or cited by"]
        lines += [f"· {_told(report, zone, begun)}" for report in own[1:]]
        lines += [f"↳ {_whose(report)}, {_told(report, zone, begun)}" for report in others]
        yield "\n".join((*dated, *lines))


def contents(found: Contents, verb: str) -> View:
    """Which numbers there are; a button does what was wished with one of them."""
    briefs = found.digest.briefs
    last = len(briefs)
    there = f"This digest has {'stories 1 to ' + str(last) if last > 1 else 'one story, 1'}."
    text = f"There is no story {found.asked}. {there}" if found.asked is not None else there
    text = f"{text} {_WISHES[verb]}"
    lines = [f"{number} · {escape(_headline(brief))}" for number, brief in enumerate(briefs, start=1)]
    numbers = (button(str(number), verb, found.digest.id, number) for number in range(1, last + 1))
    return View(html=fitted([text, *lines]), keyboard=grid(numbers, 8))


def refused(error: PersonError) -> View:
    """A digest that is not there."""
    return View(html=escape(str(error)), keyboard=grid([button("Latest digest", "latest", "")], 1))


def heading(chosen: Chosen) -> str:
    """The story's number and headline."""
    return bold(f"{chosen.number} · {_headline(chosen.brief)}")


def _headline(brief: Brief) -> str:
    by = f"{brief.headline_by}: " if brief.headline_by else ""
    return f"{by}{shorten(brief.headline, _TITLE)}"


def _once(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Without what an outlet published a second time under the same headline."""
    return tuple({(each.article.outlet.name, each.article.title): each for each in reversed(reports)}.values())[::-1]


def _headlines(chosen: Chosen) -> list[str]:
    """Each independent voice's headline, for a story whose feeds have nothing else to add."""
    told = [voice.report.article for voice in voices(chosen.brief)][:_VOICES]
    lines = [f"• {escape(shorten(each.title, _TITLE))} ({_named(each)})" for each in told]
    return ["The outlets’ feeds have no more than headlines:", *lines]


def _named(article: Article) -> str:
    warning = ownership(article.outlet)
    return link(article.url, article.outlet.name) + (f", {warning}" if warning else "")


def _whose(report: Report) -> str:
    outlet = report.article.outlet
    return f"{flag(outlet.country)} {bold(outlet.name)}, {outlet.ownership}"


def _told(report: Report, zone: str, above: date) -> str:
    """Time and headline; the date stands with the time where it is not the one above."""
    article, local = report.article, _local(report, zone)
    at = f"{local:%H:%M}" if local.date() == above else moment(article.published, zone)
    return f"{at}: {link(article.url, shorten(article.title, _TITLE))}"


def _local(report: Report, zone: str) -> datetime:
    return report.article.published.astimezone(ZoneInfo(zone))


def around(chosen: Chosen, verb: str, *others: tuple[str, str]) -> InlineKeyboardMarkup:
    """The stories before and after, seen the same way, and between them this one seen other ways."""
    digest, number, last = chosen.digest.id, chosen.number, len(chosen.digest.briefs)
    before = [button(f"‹ {number - 1}", verb, digest, number - 1)] if number > 1 else []
    after = [button(f"{number + 1} ›", verb, digest, number + 1)] if number < last else []
    return grid([*before, *(button(label, other, digest, number) for label, other in others), *after], 4)
