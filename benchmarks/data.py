"""What every benchmark shares: its options, the data folder, figures one a line."""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def options(purpose: str, *, needs_data: bool = True) -> argparse.ArgumentParser:
    """A parser with --data and --out; add what is special, then parse."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--data", type=Path, required=needs_data, help="the folder with labels, replays, clusters …")
    parser.add_argument("--out", type=Path, help="where to write what the product said, for scoring")
    return parser


def figure(name: str, value: float, unit: str) -> None:
    """Print name, value and unit between tabs."""
    print(
        name, f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else value, unit, sep="\t", flush=True
    )


def existing(path: Path) -> Path:
    """The path, or one clear sentence and exit 1 where it is missing."""
    if not path.exists():
        sys.exit(f"{path} is missing: give --data the folder that holds it.")
    return path


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON-lines file."""
    with gzip.open(existing(path), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
