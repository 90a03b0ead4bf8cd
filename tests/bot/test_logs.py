"""What is written down, and what never is."""

import json
import logging

import pytest
from telegram.error import NetworkError

from bot import logs

TOKEN = "123456789:" + "Ab-_9" * 7


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_token_gets_into_a_line_or_a_traceback(capsys, form):
    logs.configure("DEBUG", form, secrets=["hunter2"])
    try:
        raise RuntimeError(f"GET https://api.telegram.org/bot{TOKEN}/getMe with hunter2")
    except RuntimeError:
        logging.getLogger("x").exception("asked %s", f"bot{TOKEN}")
    written = capsys.readouterr().err
    assert TOKEN not in written
    assert "hunter2" not in written
    assert "RuntimeError" in written


@pytest.mark.parametrize(
    ("url", "struck"),
    [
        ("postgresql://me:hunter/22@db/cablegram", {"hunter/22"}),
        ("postgresql://me:hunter%2F22@db/cablegram", {"hunter%2F22", "hunter/22"}),
        ("postgresql://me:hunt@22@db/cablegram", {"hunt@22"}),
        ("postgresql://me:abc@db/cablegram", set()),
        ("postgresql://db:5432/cablegram", set()),
        ("hunter22", set()),
    ],
)
def test_the_password_in_a_url_is_known_as_it_is_written_and_as_it_is_meant(url, struck):
    assert set(logs.passwords(url)) == struck


def test_json_lines_are_json(capsys):
    logs.configure("INFO", "json")
    logging.getLogger("gather").info("read %d feeds", 3)
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "gather", "read 3 feeds")
    assert line["at"].endswith("+00:00")


def test_text_lines_are_in_utc(capsys):
    logs.configure("INFO", "text")
    logging.getLogger("gather").info("hello")
    assert capsys.readouterr().err.rstrip().endswith("Z INFO gather: hello")


def test_a_network_that_failed_under_telegrams_library_is_a_line_and_a_bug_of_ours_keeps_its_traceback(capsys):
    logs.configure("DEBUG", "text")
    for name in ("telegram.ext.Updater", "asyncio", "bot.service"):
        try:
            raise NetworkError("no route")
        except NetworkError:
            logging.getLogger(name).exception("asked %s", "again")
    written = capsys.readouterr().err
    assert "ERROR telegram.ext.Updater: asked again (no route)\n" in written
    assert written.count("Traceback") == 1
