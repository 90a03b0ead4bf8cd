"""A story as its vantage groups tell it: headlines side by side, figures that differ, who has not reported it."""

from collections.abc import Iterator

from bot.views.digest import alone, flag, moment, ownership
from bot.views.layout import fitted
from bot.views.markup import View, bold, escape, link, shorten
from bot.views.stories import around, heading
from digests.model.answers import Compared
from digests.model.comparisons import Excerpt, Group, Side

_TITLE = 200
_QUOTATION = 160
_NAMES = {
    Group.UKRAINE: f"{flag('UA')} Ukraine",
    Group.RUSSIAN_STATE: f"{flag('RU')} Russian state media",
    Group.CHINESE_STATE: f"{flag('CN')} Chinese state media",
    Group.AMERICA: f"{flag('US')} United States",
    Group.EUROPE: f"{flag('EU')}{flag('GB')} Europe",
    Group.OTHERS: "🌐 Others",
}


def compared(answer: Compared) -> View:
    """One block a group, then what differs, who is silent, and of whom no report was found."""
    chosen, comparison = answer.chosen, answer.comparison
    blocks = [heading(chosen), *(_side(side) for side in comparison.sides)]
    if comparison.differing:
        lines = (
            " · ".join(_figure(each, chosen.zone) for each in sorted(claims, key=lambda each: each.article.published))
            for claims in comparison.differing
        )
        blocks.append("\n".join((bold("Figures that differ"), *(f"• {line}" for line in lines))))
    if chosen.brief.alone:
        blocks.append(escape(f"{alone(chosen.brief.alone)}."))
    elif len(comparison.sides) == 1:
        blocks.append("There is no report of another group here to hold against it.")
    if comparison.silent:
        silent = ", ".join(_NAMES[each] for each in comparison.silent)
        until = moment(chosen.digest.window.end, chosen.zone)
        blocks.append(escape(f"Has not reported it by {until}: {silent}."))
    if len(comparison.sides) > 1:
        heard = {*(side.group for side in comparison.sides), *comparison.silent, Group.OTHERS}
        missing = ", ".join(name for each, name in _NAMES.items() if each not in heard)
        blocks += [escape(f"No report found from {missing}; there may be one.")] if missing else []
    return View(html=fitted(blocks, "\n\n"), keyboard=around(chosen, "weigh", ("Sources", "list")))


def _side(side: Side) -> str:
    voices = "1 outlet" if side.voices == 1 else f"{side.voices} outlets; one of their headlines:"
    return "\n".join((f"{bold(_NAMES[side.group])} · {voices}", *_said(side)))


def _said(side: Side) -> Iterator[str]:
    yield f"{_language(side.headline)}{escape(shorten(side.headline.text, _TITLE))} ({_outlet(side.headline)})"
    for each in side.quotations:
        yield f"Quotes: {_language(each)}“{escape(shorten(each.text, _QUOTATION))}” ({_outlet(each)})"


def _outlet(excerpt: Excerpt) -> str:
    outlet = excerpt.article.outlet
    warning = ownership(outlet)
    return link(excerpt.article.url, outlet.name) + (f", {warning}" if warning else "")


def _figure(excerpt: Excerpt, zone: str) -> str:
    return f"“{escape(excerpt.text)}” ({_outlet(excerpt)}, {moment(excerpt.article.published, zone)})"


def _language(excerpt: Excerpt) -> str:
    return f"[{escape(excerpt.article.language)}] " if excerpt.article.language != "en" else ""
