"""DATA_DIR: made where it is missing, and held by one process at a time for as long as it lives."""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from digests.errors import StorageBusy, StorageError


class DataFolder:
    """Everything that the program writes, and the lock on it; use it as a context manager around the whole life.

    The system frees the lock when the process ends, however it ends. Children that are spawned, not forked, do not
    inherit it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pid_in = path / "lock"
        self._lock = FileLock(self._pid_in, timeout=0, mode=0o600, thread_local=False, on_acquired=_note_process)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "cablegram.sqlite"

    @property
    def people(self) -> Path:
        """The TinyDB file."""
        return self.path / "people.json"

    @property
    def free(self) -> int:
        """Bytes that the disk has left for it."""
        return shutil.disk_usage(self.path).free

    @property
    def holder(self) -> str:
        """The process that has it, or had it last."""
        return self._pid_in.read_text(encoding="ascii").strip() or "unknown"

    def __enter__(self) -> Self:
        """Raises StorageBusy where another process has the folder, StorageError where it cannot be written."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            message = (
                f"Another Cablegram (process {self.holder}) is using DATA_DIR {self.path}: "
                "stop it, or set another DATA_DIR."
            )
            raise StorageBusy(message) from error
        except OSError as error:
            message = f"DATA_DIR {self.path} cannot be written: {error.strerror}; set DATA_DIR to a folder that can."
            raise StorageError(message) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()


def _note_process(descriptor: int) -> None:
    """Write whose lock it is into it, for the sentence that a second process is refused with."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
