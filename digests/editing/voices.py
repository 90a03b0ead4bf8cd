"""Whose word a report is: independent, unclear, or a government's, also where another outlet passes it on."""

from collections.abc import Iterable
from enum import IntEnum

from digests.model.sources import UNNAMED_STATE_MEDIA, Ownership
from digests.model.stories import Report

# Agencies that outlets of all countries reprint; an outlet that repeats them speaks for them.
_STATE_AGENCIES = {
    "TASS": "RU",
    "RIA Novosti": "RU",
    "RIA": "RU",
    "Sputnik": "RU",
    "RT": "RU",
    "Xinhua": "CN",
    "CGTN": "CN",
    "CCTV": "CN",
    "Global Times": "CN",
    "People's Daily": "CN",
    "China Daily": "CN",
    "China News Service": "CN",
    "IRNA": "IR",
    "Tasnim News Agency": "IR",
    "Fars News Agency": "IR",
    "Mehr News": "IR",
    "Press TV": "IR",
    "Anadolu": "TR",
    "Ukrinform": "UA",
    "KCNA": "KP",
    "SANA": "SY",
    "BelTA": "BY",
}


# Outlets of which nobody can say who speaks through them, whatever their owners are called.
_OPAQUE = frozenset({"Pravda.ru", "SouthFront", "News Front", "Strategic Culture Foundation", "InfoRos"})

# A newspaper that is merely close to its government prints what agencies sell: who has the same text has it from them.
_HANDED_ON = frozenset({Ownership.STATE, Ownership.GOVERNMENT})


class Voice(IntEnum):
    """From the one that may speak for itself to the one that is always named."""

    INDEPENDENT = 0
    UNCLEAR = 1
    STATE = 2


def state_agency(name: str) -> str | None:
    """The vantage of the state whose agency or broadcaster it is, read here or not; None for others."""
    return _STATE_AGENCIES.get(name)


def voice(report: Report, among: Iterable[Report]) -> Voice:
    """Whose word it is; `among` are the story's reports, which tell who owns the origin."""
    outlet = report.article.outlet
    if outlet.state_media or report.origin in _STATE_AGENCIES or report.origin.endswith(UNNAMED_STATE_MEDIA):
        return Voice.STATE
    if any(
        other.article.outlet.name == report.origin and other.article.outlet.ownership in _HANDED_ON for other in among
    ):
        return Voice.STATE
    unclear = outlet.ownership is Ownership.UNCLEAR or outlet.name in _OPAQUE
    return Voice.UNCLEAR if unclear else Voice.INDEPENDENT
