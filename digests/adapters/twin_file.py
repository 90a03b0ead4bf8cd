"""A file and its twin beside it, replaced whole and together, so that no kill, full disk or torn file loses what was kept."""

import logging
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TypeVar

from digests.errors import StorageError

Content = TypeVar("Content")

_log = logging.getLogger(__name__)


class TwinFile:
    """`path` and `path`.bak hold the same bytes; while they are replaced, each is wholly old or wholly new.

    Both are readable by their owner alone. The caller sees to it that one process at a time uses them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._twin = path.with_name(f"{path.name}.bak")

    def read(self, decode: Callable[[bytes], Content]) -> Content | None:
        """The content, None where nothing was ever written. `decode` raises ValueError for bytes that are not whole.

        Where the file is missing or not whole, its twin takes its place and what was there is put aside. Raises
        StorageError where neither is whole: never an empty start over lost data.
        """
        try:
            if not self._path.exists() and not self._twin.exists():
                return None
            try:
                return decode(self._path.read_bytes())
            except (FileNotFoundError, ValueError) as error:
                return self._recover(decode, error)
        except OSError as error:
            message = f"{self._path} cannot be read: {error.strerror}."
            raise StorageError(message) from error

    def look(self, decode: Callable[[bytes], Content]) -> tuple[Content | None, tuple[str, ...]]:
        """What `read` would return, and what is wrong with either of the two files; nothing is changed.

        Raises StorageError as `read` does.
        """
        if not self._path.exists() and not self._twin.exists():
            return None, ()
        found: list[Content] = []
        problems = []
        for path in (self._path, self._twin):
            try:
                found.append(decode(path.read_bytes()))
            except OSError as error:
                problems.append(f"{path.name} cannot be read: {error.strerror}")
            except ValueError as error:
                problems.append(f"{path.name} is not whole: {error}")
        if not found:
            raise self._lost("; ".join(problems))
        return found[0], tuple(problems)

    def write(self, body: bytes) -> None:
        """Replace both; on disk when this returns. Raises StorageError, and then each is wholly old or wholly new."""
        fresh = [(path, path.with_name(f"{path.name}.new")) for path in (self._path, self._twin)]
        try:
            try:
                for _, new in fresh:
                    _write_through(new, body)
            except OSError:
                for _, new in fresh:
                    new.unlink(missing_ok=True)
                raise
            for path, new in fresh:
                new.replace(path)
            _sync_folder(self._path.parent)
        except OSError as error:
            message = f"{self._path} cannot be written: {error.strerror}."
            raise StorageError(message) from error

    def drop_put_aside(self) -> None:
        """Remove what was ever put aside; its twin was whole, or it would still stand in its place."""
        try:
            for path in self._path.parent.glob(f"{self._path.name}.unreadable-*"):
                path.unlink()
        except OSError as error:
            message = f"{self._path} cannot be cleared of older copies: {error.strerror}."
            raise StorageError(message) from error

    def _recover(self, decode: Callable[[bytes], Content], error: Exception) -> Content:
        try:
            body = self._twin.read_bytes()
            content = decode(body)
        except (FileNotFoundError, ValueError) as twin_error:
            raise self._lost(f"{error}; {twin_error}") from error
        if self._path.exists():
            _log.error("%s was not whole (%s); put aside as %s", self._path, error, self._put_aside().name)
        _log.warning("%s was restored from %s", self._path, self._twin.name)
        self.write(body)
        return content

    def _lost(self, reasons: str) -> StorageError:
        return StorageError(
            f"Neither {self._path} nor {self._twin.name} can be read ({reasons}): put back a good copy "
            "of one of them, or move both away to begin without subscriptions."
        )

    def _put_aside(self) -> Path:
        names = (self._path.with_name(f"{self._path.name}.unreadable-{number}") for number in count(1))
        return self._path.rename(next(name for name in names if not name.exists()))


def _write_through(path: Path, body: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the renames in a folder last: until then a power cut may undo them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
