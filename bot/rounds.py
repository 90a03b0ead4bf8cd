"""What a process does by itself, over its stores: gather and file, deliver, keep house, and tell the owner what he should hear."""

from collections.abc import Callable, Iterable

from bot.clock import machine_clock
from bot.jobs import Jobs
from bot.newsdesk import Newsdesk, Shift
from bot.owner import Owner
from bot.stores import Stores
from config.settings import Settings
from digests.delivery.agenda import OwnAgenda
from digests.delivery.deliver import Deliverer
from digests.editing.press import Press
from digests.filing.file_back import BackFiler
from digests.model.topics import OwnWords
from digests.ports import Clock, Messenger

TAKEOVER = 15.0  # seconds within which a worker sees that gathering is its duty now


def delivering(
    kept: Stores,
    desk: Newsdesk,
    learn: Callable[[Iterable[OwnWords]], None],
    messenger: Messenger,
    clock: Clock,
) -> Deliverer:
    """What delivers the desk's digests; `learn` is told of topics in people's own words."""
    return Deliverer(
        agenda=OwnAgenda(kept.people),
        people=kept.people,
        chats=kept.chats,
        ledger=kept.ledger,
        digests=kept.digests,
        composer=Press(desk.composer),
        learn=learn,
        messenger=messenger,
        clock=clock,
        machine_clock=machine_clock,
    )


def rounds(
    settings: Settings,
    kept: Stores,
    desk: Newsdesk,
    back_filer: BackFiler,
    deliverer: Deliverer,
    owner: Owner,
    clock: Clock,
) -> Jobs:
    """The jobs, not begun yet."""
    shift = Shift(desk, kept.begin_pass, settings.gather_every, machine_clock)

    async def gather() -> None:
        report = await shift.gather()
        if report is not None:
            await owner.hear_of_feeds(report)

    async def tick() -> None:
        if kept.shared:
            await deliverer.settle()
        await deliverer.tick()

    async def housekeeping() -> None:
        await back_filer.forget()  # first: what is followed again after it was forgotten is to be filed back
        await kept.prune(clock())
        if not kept.shared:
            await owner.hear_of_readers(sum(bool(each.topics) for each in await kept.people.all()))

    return Jobs(
        gather=gather,
        tick=tick,
        housekeeping=housekeeping,
        gather_every=min(settings.gather_every, TAKEOVER) if kept.shared else settings.gather_every,
        tick_every=settings.tick_every,
        machine_clock=machine_clock,
    )
