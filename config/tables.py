"""Reads the operator's TOML files; what is wrong with one is said by file, key and reason."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digests.errors import ConfigurationError

LANGUAGES = ("en", "uk", "ru", "zh")

Words = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of a file: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Spellings(Table):
    """Spellings by language."""

    en: tuple[Words, ...] = Field((), strict=False)
    uk: tuple[Words, ...] = Field((), strict=False)
    ru: tuple[Words, ...] = Field((), strict=False)
    zh: tuple[Words, ...] = Field((), strict=False)

    def aliases(self) -> tuple[str, ...]:
        """All of them, English first."""
        return tuple(alias for language in LANGUAGES for alias in getattr(self, language))


def read_toml(file: Path) -> dict[str, Any]:
    """The file's document. Raises ConfigurationError where it cannot be read or is no TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        message = f"{file} cannot be read: it is no UTF-8 text; save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        message = f"{file} is no valid TOML: {error}."
    raise ConfigurationError(message)


def problems(file: Path, error: ValidationError, prefix: str = "") -> str:
    """A line for each thing that is wrong."""
    lines = []
    for detail in error.errors(include_url=False):
        key = ".".join(str(part) for part in detail["loc"]) or "the whole"
        reason = detail["msg"].removeprefix("Value error, ")
        lines.append(f"{file}: {prefix}{key}: {reason[0].lower()}{reason[1:].rstrip('.')}.")
    return "\n".join(lines)
