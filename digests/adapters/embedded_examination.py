"""A look at DATA_DIR that changes nothing in it, beside a running bot or alone."""

from contextlib import ExitStack
from pathlib import Path

from digests.adapters import tinydb_people
from digests.adapters.data_folder import DataFolder
from digests.adapters.sqlite.examination import SqliteExamination
from digests.errors import StorageBusy, StorageError
from digests.model.health import Condition, Finding
from digests.model.people import Subscription

LEAST_FREE = 200_000_000  # bytes; an archive of three weeks takes about as much


def examine_folder(path: Path) -> Condition:
    """What a data folder is in. Blocks; where no bot has the folder none can begin until it returns."""
    if not path.exists():
        seen = f"DATA_DIR {path} is not there yet; the bot makes it at its first start."
        return Condition(running=False, findings=(Finding(about="folder", seen=seen),), subscriptions=())
    folder = DataFolder(path)
    running = False
    with ExitStack() as held:
        try:
            held.enter_context(folder)
            findings = [_room(folder, f"DATA_DIR {path} can be written, and no bot has it.")]
        except StorageBusy:
            running = True
            findings = [_room(folder, f"DATA_DIR {path} is used by a running bot (process {folder.holder}).")]
        except StorageError as error:
            remedy = "let the user who runs the bot own the folder, and see that the disk is not full"
            return Condition(running=False, findings=(Finding(about="folder", seen=str(error), remedy=remedy),))
        people, about_people = _people(folder.people)
        about_database, records = SqliteExamination(folder.database, alone=not running).look()
    findings += [about_people, *about_database]
    return Condition(running=running, findings=tuple(findings), subscriptions=people, records=records)


def _room(folder: DataFolder, seen: str) -> Finding:
    free = folder.free
    return Finding(
        about="folder",
        seen=f"{seen} The disk has {free // 1_000_000} MB left.",
        remedy="make room on the disk, or set DATA_DIR to a folder on another" if free < LEAST_FREE else None,
    )


def _people(path: Path) -> tuple[tuple[Subscription, ...] | None, Finding]:
    try:
        subscriptions, problems = tinydb_people.look(path)
    except StorageError as error:
        remedy = "copy both files aside before anything else; a bot does not start over them"
        return None, Finding(about="people's file", seen=str(error), remedy=remedy)
    if problems:
        return subscriptions, Finding(
            about="people's file",
            seen=f"{'; '.join(problems)}. The other one of the two is whole.",
            remedy="start the bot, if it does not run: it goes on from the whole one and replaces both",
        )
    seen = f"{path} and its twin are whole." if path.exists() else f"{path} is not there yet: nobody has subscribed."
    return subscriptions, Finding(about="people's file", seen=seen)
