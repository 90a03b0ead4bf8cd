"""One process a data folder: held for a life, freed by any death, refused in one sentence."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from digests.adapters.data_folder import DataFolder
from digests.errors import StorageBusy, StorageError

ROOT = Path(__file__).parents[3]

HOLD = """
import sys
from pathlib import Path
from digests.adapters.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""

HOLD_WITH_A_CHILD = """
import multiprocessing, sys
from pathlib import Path
from digests.adapters.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])):
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=theirs.__class__.recv, args=(theirs,))
    child.start()
    print(child.pid, flush=True)
    sys.stdin.readline()
"""

REFUSED = """
import sys
from pathlib import Path
from digests.adapters.data_folder import DataFolder
from digests.errors import StorageBusy
refused = 0
for _ in range(100):
    try:
        with DataFolder(Path(sys.argv[1])):
            pass
    except StorageBusy:
        refused += 1
print(refused)
"""


def process(code, path):
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path):
    with DataFolder(tmp_path / "deep" / "data") as folder:
        assert folder.path.stat().st_mode & 0o777 == 0o700
        assert folder.database == folder.path / "cablegram.sqlite"
        assert folder.people == folder.path / "people.json"


def test_a_second_process_is_refused_and_told_which_one_to_stop(tmp_path):
    with process(HOLD, tmp_path) as first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(StorageBusy) as refused, DataFolder(tmp_path):
            pass
        assert str(refused.value) == (
            f"Another Cablegram (process {first.pid}) is using DATA_DIR {tmp_path}: stop it, or set another DATA_DIR."
        )
        first.stdin.close()
    with DataFolder(tmp_path):
        pass


def test_a_hundred_attempts_of_another_process_are_all_refused(tmp_path):
    with DataFolder(tmp_path), process(REFUSED, tmp_path) as other:
        assert other.communicate()[0] == "100\n"


def test_the_same_process_is_refused_too_and_a_holder_unknown_is_called_so(tmp_path):
    with DataFolder(tmp_path):
        (tmp_path / "lock").write_bytes(b"")
        with pytest.raises(StorageBusy, match="process unknown"), DataFolder(tmp_path):
            pass


def test_a_kill_frees_the_folder_though_a_spawned_child_lives_on(tmp_path):
    with process(HOLD_WITH_A_CHILD, tmp_path) as holder:
        child = int(holder.stdout.readline())
        holder.kill()
        holder.wait()
        os.kill(child, 0)
        with DataFolder(tmp_path):
            pass
        os.kill(child, signal.SIGKILL)


def test_a_folder_that_cannot_be_made_is_named_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"DATA_DIR .*data cannot be written: Not a directory; set DATA_DIR to"):
        DataFolder(tmp_path / "file" / "data").__enter__()


def test_a_file_where_the_folder_should_be_is_named_in_one_sentence(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(StorageError, match="cannot be written: File exists"):
        DataFolder(tmp_path / "data").__enter__()
