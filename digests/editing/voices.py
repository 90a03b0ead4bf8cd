"""Whose word a report is: independent, unclear, or a government's, also where another outlet passes it on."""

from collections.abc import Iterable
from enum import IntEnum

from digests.model.sources import Ownership
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
    "IRNA": "IR",
    "KCNA": "KP",
    "SANA": "SY",
    "BelTA": "BY",
}


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
    if outlet.state_media or report.origin in _STATE_AGENCIES:
        return Voice.STATE
    if any(other.article.outlet.name == report.origin and other.article.outlet.state_media for other in among):
        return Voice.STATE
    return Voice.UNCLEAR if outlet.ownership is Ownership.UNCLEAR else Voice.INDEPENDENT
