"""When digests come, in words: where a chat stands, its times, its city."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views.digest import moment, zone_name
from bot.views.layout import button, grid
from bot.views.markup import View, bold, escape
from digests.errors import PersonError
from digests.model.answers import Standing
from digests.model.people import EVERY_DAY, Edition, Schedule

SETUP, HOME = "f", "h"  # the first steps go on to the next question, a change made later comes back

_TIMES = ("06:00", "07:00", "08:00", "09:00", "12:00", "18:00", "20:00", "22:00")
_CITIES = (
    *("Kyiv", "Warsaw", "Berlin", "London", "Brussels", "Moscow"),
    *("New York", "Los Angeles", "Beijing", "Tokyo", "Delhi", "Istanbul"),
)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def subscriptions(standing: Standing) -> View:
    """What a chat follows, when, and what comes next."""
    return View(html=words(standing), keyboard=settings(standing))


def scheduled(standing: Standing) -> View:
    """Echo of new times or a new city."""
    return View(html="\n".join(when(standing)), keyboard=settings(standing))


def paused(standing: Standing) -> View:
    """Echo of a pause."""
    if not standing.topics:
        topics = [button("Choose what to follow", "pick", HOME)]
        return View(html="Nothing is followed here yet, so there is nothing to pause.", keyboard=grid(topics, 1))
    return View(html="\n".join(when(standing)), keyboard=grid([button("Resume", "resume")], 1))


def resumed(standing: Standing) -> View:
    """Echo of its end."""
    lead = "Digests come again.\n\n" if standing.topics else ""
    return View(html=f"{lead}{words(standing)}", keyboard=settings(standing))


def words(standing: Standing) -> str:
    """Topics, times, the next delivery, a line each."""
    if not standing.topics:
        return "Nothing is followed here yet.\n" + "\n".join(when(standing))
    topics = (f"• {escape(topic.title)}" for topic in standing.topics)
    return "\n".join((bold("Following"), *topics, *when(standing)))


def when(standing: Standing) -> tuple[str, ...]:
    """Times and city; the next delivery; that the city is not known, where it is not."""
    schedule = standing.schedule
    name, times = _name(schedule), _slots(schedule)
    days = "Every day" if schedule.days == EVERY_DAY else ", ".join(_WEEKDAYS[day] for day in sorted(schedule.days))
    rhythm = f"{days} at {times} {name}"
    lines = [
        escape(f"{rhythm}." if standing.topics else f"Once a topic is followed: {rhythm[:1].lower()}{rhythm[1:]}.")
    ]
    if standing.paused is not None:
        lines.append("Paused; /resume ends it.")
    elif standing.held:
        lines.append(f"Paused until {moment(schedule.since, schedule.zone or 'UTC')} {name}; /resume ends it.")
    if standing.next is not None:
        lines.append(f"Next: {bold(next_words(standing, standing.next))}.")
    if schedule.zone is None:
        lines.append("Times are UTC until you choose a city.")
    return tuple(lines)


def next_words(standing: Standing, edition: Edition) -> str:
    """The moment of an edition as said today: "tomorrow, Thu 08:00 Kyiv"."""
    today = standing.at.astimezone(ZoneInfo(edition.zone)).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow"}.get(edition.day)
    if near:
        day = f"{near}, {_WEEKDAYS[edition.day.weekday()]} {edition.slot:%H:%M}"
    else:
        day = moment(edition.due, edition.zone)
    return f"{day} {zone_name(edition.zone, edition.city)}"


def settings(standing: Standing) -> InlineKeyboardMarkup:
    """Buttons for what can be changed; cities where none is chosen."""
    cities = _cities(HOME) if standing.schedule.zone is None else ()
    below = [button("Topics", "pick", HOME), button("Time", "times", HOME), button("City", "cities", HOME)]
    return grid(cities, 3, below, [button("Latest digest", "latest", "")])


def times(standing: Standing, flow: str) -> View:
    """Which time of day? Later on, with what is set now."""
    now = f"Now: {_slots(standing.schedule)} {_name(standing.schedule)}.\n" if flow == HOME else ""
    text = f"{now}When shall the digest come? Other times, or several: /time 08:00 18:30"
    return View(html=escape(text), keyboard=grid(_times(flow), 4, _back(flow)))


def cities(standing: Standing, flow: str) -> View:
    """Whose clock? Later on, with what is set now."""
    now = f"Now: {_name(standing.schedule)}.\n" if flow == HOME else ""
    text = f"{now}Which city’s time? Another city: /timezone Lviv, or send your location."
    return View(html=escape(text), keyboard=grid(_cities(flow), 3, [button("UTC", "zone", flow, "UTC")], _back(flow)))


def refused_time(error: PersonError) -> View:
    """A time that is none."""
    return View(html=escape(str(error)), keyboard=grid(_times(HOME), 4))


def refused_pause(error: PersonError) -> View:
    """A pause of no known length."""
    return View(html=escape(str(error)), keyboard=grid([button("Following", "home")], 1))


def refused_city(error: PersonError) -> View:
    """A city that is not known, and those that may be meant."""
    names = error.choices or _CITIES
    return View(html=escape(str(error)), keyboard=grid((button(name, "zone", HOME, name) for name in names), 3))


def _slots(schedule: Schedule) -> str:
    slots = [f"{slot:%H:%M}" for slot in schedule.slots]
    return f"{', '.join(slots[:-1])} and {slots[-1]}" if len(slots) > 1 else slots[0]


def _name(schedule: Schedule) -> str:
    return zone_name(schedule.zone or "UTC", schedule.city)


def _times(flow: str) -> list[InlineKeyboardButton]:
    return [button(slot, "at", flow, slot) for slot in _TIMES]


def _cities(flow: str) -> list[InlineKeyboardButton]:
    return [button(name, "zone", flow, name) for name in _CITIES]


def _back(flow: str) -> Sequence[InlineKeyboardButton]:
    return [button("‹ Back", "home")] if flow == HOME else []
