"""An article's text out of its page, in a child that may die of it."""

import math
import os
import sys

import pytest

from digests.adapters import page_reader
from digests.adapters.children import Children
from digests.adapters.page_reader import PageText, extract
from digests.ports import PageDocument, PageFailure

SAID = (
    "Envoys of both sides met in Ankara on Friday and agreed to meet again next week, officials said.",
    "The agenda lists an exchange of prisoners and the monitoring of a partial ceasefire along the river.",
    "Neither delegation spoke to reporters after the meeting, which lasted for about six hours.",
)
LINKS = "".join(f"<li><a href='/{number}'>Section {number}</a></li>" for number in range(20))
PAGE = (
    f"<!doctype html><html><head><title>Envoys meet</title></head><body><nav><ul>{LINKS}</ul></nav>"
    f"<article><h1>Envoys meet</h1>{''.join(f'<p>{each}</p>' for each in SAID)}</article>"
    f"<aside><h2>Most read</h2><ul>{LINKS}</ul></aside><footer>All rights reserved.</footer></body></html>"
)
HTML = "text/html; charset=utf-8"


def document(body, content_type=HTML):
    return PageDocument(url="https://herald.example/1", body=body, content_type=content_type)


def extracted(page, content_type=HTML):
    return extract(page if isinstance(page, bytes) else page.encode(), content_type, "https://herald.example/1")


def test_what_is_said_is_found_and_what_stands_around_it_is_not():
    (text,) = extracted(PAGE)
    assert [line for line in text.splitlines() if line.endswith(".")] == list(SAID)
    assert "Section" not in text
    assert "rights reserved" not in text


@pytest.mark.parametrize("content_type", ["text/html; charset=windows-1251", 'text/html; Charset="WINDOWS-1251"'])
def test_the_encoding_that_the_server_names_counts(content_type):
    words = "Посланники двух сторон встретились в Анкаре в пятницу и договорились продолжить переговоры через неделю."
    page = f"<html><body><article><p>{words}</p><p>{words[::-1]}</p></article></body></html>"
    (text,) = extracted(page.encode("windows-1251"), content_type)
    assert words in text


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=none", "text/html; charset=utf-16", ""])
def test_without_a_right_one_it_is_found_out(content_type):
    assert SAID[0] in extracted(PAGE, content_type)[0]


@pytest.mark.parametrize(
    "page", ["", "<html></html>", "\0" * 1000, "<html><body><script>let it = 1</script></body></html>"]
)
def test_a_page_without_a_text_is_a_sentence(page):
    assert extracted(page) == "It holds no text of an article."


def test_whatever_the_library_raises_is_a_sentence(monkeypatch):
    import trafilatura

    def refuse(*_, **__):
        raise AttributeError("deep inside")

    monkeypatch.setattr(trafilatura, "extract", refuse)
    assert extracted(PAGE) == "No text can be found in it (AttributeError)."

    def burst(*_, **__):
        raise MemoryError

    monkeypatch.setattr(trafilatura, "extract", burst)
    with pytest.raises(MemoryError):
        extracted(PAGE)


def test_half_a_character_is_left_out(monkeypatch):
    import trafilatura

    monkeypatch.setattr(trafilatura, "extract", lambda *_, **__: "met in\ud800 Ankara")
    assert extracted(PAGE) == ("met in Ankara",)


async def test_a_page_that_hangs_or_crashes_its_reader_costs_its_child_and_nothing_else(monkeypatch):
    links = "<a href='/x'>link text here</a> " * 120_000
    async with Children() as children:
        reader = PageText(children)
        failure = await reader.read(document(f"<html><body><article>{links}</article></body></html>".encode()))
        assert isinstance(failure, PageFailure)
        assert "took more than" in failure.reason
        with monkeypatch.context() as patched:
            patched.setattr(page_reader, "extract", _crash)
            assert await reader.read(document(b"")) == PageFailure(reason="Its reader crashed over it.")
        assert SAID[0] in await reader.read(document(PAGE.encode()))


def _crash(*_):
    os.abort()


async def test_only_a_child_that_read_a_page_knows_the_library():
    async with Children() as children:
        await children.read(math.gcd, 12, 18)
        assert not await children.read(_knows_trafilatura)


def _knows_trafilatura():
    return "trafilatura" in sys.modules
