"""A digest as the text that is stored of it: its articles stand in it by their ids alone."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from digests.model.articles import Article
from digests.model.stories import Digest

_DIGEST: TypeAdapter[Digest] = TypeAdapter(Digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What is stored of a digest."""

    text: str

    @property
    def articles(self) -> frozenset[int]:
        """The ids of the articles that stand in it."""
        return frozenset(report["article"] for report in _reports(json.loads(self.text)))

    def digest(self, articles: Iterable[Article]) -> Digest:
        """The digest again; `articles` are those that stand in it."""
        by_id = {article.id: article for article in articles}
        dumped = json.loads(self.text)
        for report in _reports(dumped):
            report["article"] = by_id[report["article"]]
        return _DIGEST.validate_python(dumped)


def snapshot(digest: Digest) -> Snapshot:
    """What is to be stored of a digest."""
    dumped = _DIGEST.dump_python(digest, mode="json")
    for report in _reports(dumped):
        report["article"] = report["article"]["id"]
    return Snapshot(text=json.dumps(dumped, ensure_ascii=False))


def _reports(dumped: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every report in a digest that was dumped, wherever one may stand."""
    for section in dumped["sections"]:
        if section["nearest"]:
            yield section["nearest"]
        for brief in section["briefs"]:
            yield from brief["reports"]
            for aside in brief.get("beside", ()):
                yield from aside["reports"]
