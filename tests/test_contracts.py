"""The floors of the house hold, and the contracts that say so bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def lint(folder):
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path):
    for room in ("bot", "config", "digests"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "planted", "broken"),
    [
        ("digests/editing/ranking.py", "import telegram", "meets the world through ports alone"),
        ("digests/editing/ranking.py", "import config.settings", "never the other way"),
        ("digests/editing/ranking.py", "import digests.delivery.deliver", "Passes import pure rooms"),
        ("digests/filing/stories.py", "import digests.ports", "Pure rooms know no ports"),
        ("bot/jobs.py", "import digests.adapters.tinydb_people", "Only the wiring picks adapters"),
        ("bot/views/digest.py", "import digests.conversation.latest", "Views call no service"),
        ("bot/handlers/digests.py", "import digests.ports", "Handlers speak to services"),
        ("bot/messenger.py", "import feedparser", "feedparser has one home"),
        ("digests/editing/pages.py", "import trafilatura", "trafilatura has one home"),
        ("bot/messenger.py", "import psycopg", "psycopg has one home"),
        ("bot/messenger.py", "import apscheduler", "apscheduler has one home"),
    ],
)
def test_a_planted_import_breaks_its_contract(copy, module, planted, broken):
    path = copy / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{planted}\n", encoding="utf-8")
    found = lint(copy)
    assert found.returncode != 0
    assert any(broken in line and "BROKEN" in line for line in found.stdout.splitlines()), found.stdout


def test_as_it_stands_no_contract_is_broken():
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout
