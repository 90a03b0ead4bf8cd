"""One story of a digest in full: its sentences, its sources, and the choice of another."""

from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot.views.digest import alone, aside, flag, moment, quoted, sources, voices, zone_name
from bot.views.layout import button, fitted, grid
from bot.views.markup import View, bold, escape, link, quotation, shorten
from digests.errors import PersonError
from digests.model.answers import Chosen, Contents, Telling
from digests.model.stories import Report

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
    """Why it is here; every outlet with headline, time, country and ownership; reprints under the one that they repeat."""
    by_origin: dict[str, list[Report]] = {}
    for report in _once(chosen.brief.reports):
        by_origin.setdefault(report.origin, []).append(report)
    why = f"Here under {chosen.topic}: {chosen.why}.\n" if chosen.why else ""
    blocks = [f"{heading(chosen)}\n{escape(f'{why}Times in {zone_name(chosen.zone, chosen.city)}.')}"]
    for origin, reports in by_origin.items():
        own = [_report(report, chosen.zone) for report in reports if report.article.outlet.name == origin]
        repeated = [f"↳ {_report(report, chosen.zone)}" for report in reports if report.article.outlet.name != origin]
        credit = f"{bold(origin)}, carried or cited by"
        blocks.append("\n".join((*(own or [credit]), *repeated)))
    return View(html=fitted(blocks, "\n\n"), keyboard=around(chosen, "list", ("In full", "tell")))


def contents(found: Contents, verb: str) -> View:
    """Which numbers there are; a button does what was wished with one of them."""
    briefs = found.digest.briefs
    last = len(briefs)
    there = f"This digest has {'stories 1 to ' + str(last) if last > 1 else 'one story, 1'}."
    text = f"There is no story {found.asked}. {there}" if found.asked is not None else there
    text = f"{text} {_WISHES[verb]}"
    lines = [f"{number} · {escape(shorten(brief.headline, _TITLE))}" for number, brief in enumerate(briefs, start=1)]
    numbers = (button(str(number), verb, found.digest.id, number) for number in range(1, last + 1))
    return View(html=fitted([text, *lines]), keyboard=grid(numbers, 8))


def refused(error: PersonError) -> View:
    """A digest that is not there."""
    return View(html=escape(str(error)), keyboard=grid([button("Latest digest", "latest", "")], 1))


def heading(chosen: Chosen) -> str:
    """The story's number and headline."""
    brief = chosen.brief
    by = f"{brief.headline_by}: " if brief.headline_by else ""
    return bold(f"{chosen.number} · {by}{shorten(brief.headline, _TITLE)}")


def _once(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Without what an outlet published a second time under the same headline."""
    return tuple({(each.article.outlet.name, each.article.title): each for each in reversed(reports)}.values())[::-1]


def _headlines(chosen: Chosen) -> list[str]:
    """Each independent voice's headline, for a story whose feeds have nothing else to add."""
    told = [voice.report.article for voice in voices(chosen.brief)][:_VOICES]
    lines = [f"• {escape(shorten(each.title, _TITLE))} ({link(each.url, each.outlet.name)})" for each in told]
    return ["The outlets’ feeds have no more than headlines:", *lines]


def _report(report: Report, zone: str) -> str:
    article, outlet = report.article, report.article.outlet
    whose = f"{outlet.country}, {outlet.ownership}"
    title = link(article.url, shorten(article.title, _TITLE))
    return f"{flag(outlet.country)} {bold(outlet.name)} ({escape(whose)}), {moment(article.published, zone)}: {title}"


def around(chosen: Chosen, verb: str, *others: tuple[str, str]) -> InlineKeyboardMarkup:
    """The stories before and after, seen the same way, and between them this one seen other ways."""
    digest, number, last = chosen.digest.id, chosen.number, len(chosen.digest.briefs)
    before = [button(f"‹ {number - 1}", verb, digest, number - 1)] if number > 1 else []
    after = [button(f"{number + 1} ›", verb, digest, number + 1)] if number < last else []
    return grid([*before, *(button(label, other, digest, number) for label, other in others), *after], 4)
