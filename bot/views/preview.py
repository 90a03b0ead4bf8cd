"""A digest for an operator: the same message in a terminal, or one JSON object for scripts."""

from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from rich.style import Style
from rich.text import Text

from digests.model.articles import Article
from digests.model.stories import Brief, Digest


def as_json(digest: Digest) -> dict[str, Any]:
    """The object that scripts rely on; a change in it is a line in CHANGELOG.md."""
    window = digest.window
    return {
        "at": _stamp(window.end),
        "hours": _number((window.end - window.start).total_seconds() / 3600),
        "topics": [
            {"slug": section.topic, "title": section.title, "stories": [_story(brief) for brief in section.briefs]}
            for section in digest.sections
        ],
        "coverage": {
            "read": digest.coverage.read,
            "feeds": digest.coverage.feeds,
            "unreached": list(digest.coverage.unreached),
            "truncated": list(digest.coverage.truncated),
        },
    }


def _story(brief: Brief) -> dict[str, Any]:
    articles = {report.article.id: report.article for report in brief.reports}
    return {
        "headline": f"{brief.headline_by}: {brief.headline}" if brief.headline_by else brief.headline,
        "update": brief.update,
        "independent_outlets": brief.independent_outlets,
        "sentences": [
            {
                "text": sentence.text,
                "outlet": articles[sentence.article].outlet.name,
                "url": articles[sentence.article].url,
            }
            for sentence in brief.sentences
        ],
        "articles": [_article(report.article) for report in brief.reports],
        "beside": [
            {
                "headline": f"{aside.headline_by}: {aside.headline}" if aside.headline_by else aside.headline,
                "earlier": aside.earlier,
                "articles": [_article(report.article) for report in aside.reports],
            }
            for aside in brief.beside
        ],
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "outlet": article.outlet.name,
        "country": article.outlet.country,
        "ownership": article.outlet.ownership.value,
        "vantage": article.outlet.vantage,
        "title": article.title,
        "url": article.url,
        "published": _stamp(article.published),
    }


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _number(hours: float) -> float | int:
    return int(hours) if hours == int(hours) else round(hours, 3)


_STYLES = {"b": Style(bold=True), "i": Style(dim=True)}


class _Terminal(HTMLParser):
    """Telegram's few tags as styles of a terminal."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = Text()
        self._open: list[Style] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        self._open.append(Style(underline=True, link=href) if href else _STYLES.get(tag, Style()))

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data, Style.combine([Style(), *self._open]))


def as_text(markup: str) -> Text:
    """A view's HTML for a terminal: bold, dim, links that can be clicked where the terminal can."""
    terminal = _Terminal()
    terminal.feed(markup)
    terminal.close()
    return terminal.text
