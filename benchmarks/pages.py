"""Article pages as outlets served them: how often their text is found, how well, and what a page costs.

Found is what the pages' own editors took for the text (words of four in a row; of Chinese and Korean, letters). Kept is
what a digest may then quote from, measured on texts of articles whose titles are known.
"""

import gzip
import json
import re
import resource
import statistics
import tarfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks.data import existing, figure, json_lines, options
from digests.adapters.page_reader import extract
from digests.editing.pages import is_about, opening

EAST_ASIAN = re.compile("[\u3400-\u9fff\uac00-\ud7af]")
DATED = re.compile(r"_\d{4}_\d\d_\d\d.*")


def main() -> None:
    """Print the figures."""
    arguments = options(__doc__ or "").parse_args()
    measure_pages(arguments.data / "feeds" / "articles.tar.gz")
    measure_texts(arguments.data / "feeds" / "fulltext_20250520_21.jsonl.gz")


def measure_pages(archive: Path) -> None:
    """Extract every page and compare with what stands in it."""
    extract(b"<html></html>", "text/html", "")  # imports what is slow the first time
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scores, seconds, missed = [], [], 0
    for page, bodies in pages(existing(archive)):
        begun = time.process_time()
        found = extract(page, "text/html; charset=utf-8", "https://outlet.example/article")
        seconds.append(time.process_time() - begun)
        if isinstance(found, str):
            missed += 1
        else:
            scores.append(max((score(found[0], body) for body in bodies), key=lambda each: each[2]))
    figure("pages", len(seconds), "pages")
    figure("pages_found", (len(seconds) - missed) / len(seconds), "share")
    for place, name in enumerate(("precision", "recall", "f1")):
        figure(f"pages_{name}", statistics.mean(each[place] for each in scores), "of those found")
    figure("pages_cpu_median", statistics.median(seconds) * 1000, "ms")
    figure("pages_cpu_max", max(seconds) * 1000, "ms")
    figure("pages_memory", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, "MB")


def measure_texts(path: Path) -> None:
    """Cut every text to what is kept, and see whether it is known by its title, and no other text by it."""
    rows = list(json_lines(path))
    kept = [opening(row["text"]) for row in rows]
    figure("texts", len(rows), "texts")
    figure("texts_kept", sum(map(bool, kept)) / len(rows), "share of texts")
    shares = [len(text.split()) / len(row["text"].split()) for row, text in zip(rows, kept, strict=True) if text]
    figure("texts_kept_words_max", max(shares), "share of words")
    own = [is_about(row["title"], row["text"]) for row in rows]
    figure("texts_known", sum(own) / len(own), "share by their own titles")
    others = [is_about(row["title"], rows[place - 37]["text"]) for place, row in enumerate(rows)]
    figure("texts_mistaken", sum(others) / len(others), "share by another's title")


def pages(archive: Path) -> list[tuple[bytes, list[str]]]:
    """Each page with the texts that its outlet's pages hold."""
    found: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    texts: dict[tuple[str, str], list[str]] = {}
    with tarfile.open(archive) as members:
        for member in members:
            content = members.extractfile(member)
            if content is None:
                continue
            country, name = Path(member.name).parts[-2:]
            if name.endswith(".html.gz"):
                found[country, DATED.sub("", name)].append(gzip.decompress(content.read()))
            elif name.endswith(".json"):
                texts[country, name.removesuffix(".json")] = list(map(body, json.loads(content.read()).values()))
    return [(page, texts[outlet]) for outlet, served in found.items() for page in served]


def body(told: dict[str, Any]) -> str:
    """The whole text that was found right."""
    parts = list(told["body"].get("summary") or ())
    for section in told["body"]["sections"]:
        headline = section["headline"]
        parts += [headline] if isinstance(headline, str) else headline
        parts += section["paragraphs"]
    return " ".join(parts)


def score(found: str, right: str) -> tuple[float, float, float]:
    """Precision, recall and their mean over words of four in a row."""
    ours, theirs = grams(found), grams(right)
    common = (ours & theirs).total()
    precision, recall = common / max(1, ours.total()), common / max(1, theirs.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Every four words in a row."""
    words = re.findall(r"\w" if EAST_ASIAN.search(text[:200]) else r"\w+", text.lower())
    return Counter(zip(*(words[start:] for start in range(4)), strict=False))


if __name__ == "__main__":
    main()
