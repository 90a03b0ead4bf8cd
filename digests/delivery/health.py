"""What people, ledger, topics and time say of each other: whether they agree, and what to do where they do not. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digests.delivery.editions import OVERDUE
from digests.filing.own_words import slug_of
from digests.model.health import Condition, Finding, Records
from digests.model.people import Subscription
from digests.model.topics import TopicSlug

PATIENCE = timedelta(hours=1)  # a pause of the server's may put an edition off beyond its time; a bot drops it then
DRIFT = timedelta(minutes=5)
BUILT = datetime.fromisoformat("2026-01-01T00:00:00+00:00")  # no clock shows less

_START = "start the bot: it ends at its start what was begun"
_NAMED = 5  # of many, as examples


def agreement(
    condition: Condition, topics: Collection[TopicSlug] | None, now: datetime, machine_now: datetime
) -> tuple[Finding, ...]:
    """What follows of a condition. `topics` are those that have files, None where nobody knows; `now` is the program's time."""
    people, records = condition.subscriptions, condition.records
    findings: list[Finding] = []
    if people is not None:
        findings += _people(people, topics)
    if records is not None:
        findings.append(_deliveries(records, now, running=condition.running))
    if people is not None and records is not None:
        findings.append(_both(people, records, running=condition.running))
    findings.append(_time(records, machine_now))
    return tuple(findings)


def _people(people: Sequence[Subscription], topics: Collection[TopicSlug] | None) -> Iterator[Finding]:
    paused = sum(each.paused is not None for each in people)
    yield Finding(about="people", seen=f"Subscriptions: {len(people)}, of which paused: {paused}.")
    strange = {each.schedule.zone for each in people if each.schedule.zone and not _known(each.schedule.zone)}
    if strange:
        yield Finding(
            about="zones",
            seen=f"People live in time zones that this machine does not know ({_some(strange)}), and nobody's digest is due.",
            remedy="install the zones again (Debian, Ubuntu: apt install --reinstall tzdata), or let those people choose another",
        )
    followed = {slug for each in people for slug in set(each.topics) - {slug_of(own) for own in each.own}}
    if topics is not None and (unknown := followed - set(topics)):
        yield Finding(
            about="followed topics",
            seen=f"People follow topics that no file describes ({_some(unknown)}).",
            remedy="put their files back into TOPICS_DIR, or tell those people",
        )


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, or no name at all
        return False
    return True


def _deliveries(records: Records, now: datetime, *, running: bool) -> Finding:
    stuck = sum(now - due > OVERDUE + PATIENCE for due in records.open.values())
    seen = (
        f"Editions begun and not done: {len(records.open)}; in doubt, readers to be told: {records.untold}; "
        f"updates to be handled: {records.waiting}."
    )
    if running:
        if stuck:
            return Finding(
                about="ledger",
                seen=f"{seen} The time of {stuck} is long past, and the running bot neither sends nor drops them.",
                remedy="read its log for what it says of deliveries; then stop it and start it again",
            )
    elif records.orphaned or records.halfway:
        return Finding(
            about="ledger",
            seen=f"{seen} A process that is gone held {records.orphaned} and was in the middle of sending {records.halfway}.",
            remedy=f"{_START}; what was being sent is never sent again, and its readers are told",
        )
    return Finding(about="ledger", seen=seen)


def _both(people: Sequence[Subscription], records: Records, *, running: bool) -> Finding:
    if records.begun and not running:
        return Finding(
            about="people and ledger",
            seen=f"A change of both was begun and not ended: {_some(records.begun)}.",
            remedy=_START,
        )
    strangers = records.chats - {each.address.chat for each in people}
    if strangers:
        return Finding(
            about="people and ledger",
            seen=f"The ledger has editions of chats that are not among the people ({_some(strangers)}).",
            remedy="leave the bot running: within an hour it forgets them" if running else _START,
        )
    return Finding(about="people and ledger", seen="They agree.")


def _time(records: Records | None, machine_now: datetime) -> Finding:
    shown = f"This machine's clock shows {machine_now:%Y-%m-%d %H:%M} UTC"
    remedy = "set the clock, and let the system keep it (timedatectl set-ntp true): digests come at their time by it"
    if machine_now < BUILT:
        return Finding(about="clock", seen=f"{shown}, which is past.", remedy=remedy)
    latest = records.received if records is not None else None
    if latest is not None and latest - machine_now > DRIFT:
        return Finding(about="clock", seen=f"{shown}, and an update came at {latest:%Y-%m-%d %H:%M}.", remedy=remedy)
    return Finding(about="clock", seen=f"{shown}.")


def _some(names: Collection[object]) -> str:
    told = sorted(map(str, names))
    return ", ".join(told[:_NAMED]) + (f" and {len(told) - _NAMED} more" if len(told) > _NAMED else "")
