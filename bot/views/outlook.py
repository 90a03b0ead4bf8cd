"""The state of play of a topic: what each side last said itself, which figures hold, what lies ahead; every line linked."""

from collections.abc import Iterable, Sequence

from bot.views.catalogue import background, card, counted
from bot.views.digest import day, moment, ownership
from bot.views.layout import fitted
from bot.views.markup import View, bold, escape, link, shorten
from digests.model.answers import StateOfPlay
from digests.model.comparisons import Excerpt
from digests.model.outlook import Appointment, Position

_BACKGROUND = 900
_LINE = 240


def state_of_play(state: StateOfPlay) -> View:
    """The card of a topic with its state of play, and the card's buttons."""
    topic, drawn, zone = state.line.topic, state.outlook, state.zone
    blocks = [f"{bold(topic.title)} — {counted(state.line)}\n{escape(shorten(background(topic), _BACKGROUND))}"]
    blocks += _block("Who says what", (_position(each, zone) for each in drawn.positions))
    blocks += _block("Figures that several give alike", (_figures(each, zone) for each in drawn.agreed))
    blocks += _block("Figures that differ", (_figures(each, zone) for each in drawn.differing))
    blocks += _block("Dates ahead", (_appointment(each, zone) for each in drawn.ahead))
    if len(blocks) == 1:
        blocks.append(
            f"Nothing was said about it since {escape(moment(drawn.since, zone))} that can be laid side by side."
        )
    return View(html=fitted(blocks, "\n\n"), keyboard=card(state.line).keyboard)


def _block(title: str, lines: Iterable[str]) -> list[str]:
    told = [f"• {line}" for line in lines]
    return ["\n".join((bold(title), *told))] if told else []


def _position(position: Position, zone: str) -> str:
    return f"{bold(position.side)}: {_text(position.said)} ({_source(position.said, zone)})"


def _figures(excerpts: Sequence[Excerpt], zone: str) -> str:
    return " · ".join(f"“{escape(each.text)}” ({_source(each, zone)})" for each in excerpts[:3])


def _appointment(appointment: Appointment, zone: str) -> str:
    when = day(appointment.first)
    if appointment.last != appointment.first:
        when = f"{when} to {day(appointment.last)}"
        if (appointment.last - appointment.first).days > 1:
            when = f"“{appointment.words}”"
    return f"{bold(when)}: {_text(appointment.said)} ({_source(appointment.said, zone)})"


def _text(excerpt: Excerpt) -> str:
    language = f"[{excerpt.article.language}] " if excerpt.article.language != "en" else ""
    return escape(language + shorten(excerpt.text.rstrip("."), _LINE))


def _source(excerpt: Excerpt, zone: str) -> str:
    article = excerpt.article
    warning = ownership(article.outlet)
    named = link(article.url, article.outlet.name) + (f", {warning}" if warning else "")
    return f"{named}, {moment(article.published, zone)}"
