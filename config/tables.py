"""Reads the operator's TOML files; what is wrong with one is said by file, key and reason."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from digests.errors import ConfigurationError

SLUG, COUNTRY, LANGUAGE = r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^([A-Z]{2}|INT)$", r"^[a-z]{2,3}$"
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


_WANTED = {
    SLUG: "write a-z and 0-9, with - between words, such as northern-herald",
    COUNTRY: "write the two capital letters of a country, such as GB, or INT",
    LANGUAGE: "write the two or three small letters of a language, such as en",
}
_NUMBER, _TRUTH, _TEXT, _LIST = (
    "write a number",
    "write true or false",
    "write a text in quotation marks",
    "write a [list]",
)
_REMEDIES = {
    "missing": "it is missing, and cannot be guessed",
    "extra_forbidden": "there is no such key; correct its name, or take it out",
    "value_error": "{error}",
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "write a number above {gt:g}",
    "greater_than_equal": "write a number from {ge:g} on",
    "less_than_equal": "write a number of at most {le:g}",
    "bool_parsing": _TRUTH,
    "bool_type": _TRUTH,
    "literal_error": "write one of {expected}",
    "string_type": _TEXT,
    "string_too_short": "it is empty",
    "string_too_long": "write at most {max_length} characters",
    "string_pattern_mismatch": "{wanted}",
    "tuple_type": _LIST,
    "model_type": "write a table of keys and values",
}


def remedy(detail: ErrorDetails) -> str:
    """What to write instead, in words for whoever has never heard of the library that found it wrong."""
    about = detail.get("ctx", {})
    said = detail["msg"][0].lower() + detail["msg"][1:]
    wanted = _WANTED.get(about.get("pattern", ""), said)
    return _REMEDIES.get(detail["type"], "{said}").format(said=said, wanted=wanted, **about).rstrip(".")


def problems(file: Path, error: ValidationError, prefix: str = "") -> str:
    """A line for each thing that is wrong."""
    lines = []
    for detail in error.errors(include_url=False):
        key = ".".join(str(part) for part in detail["loc"]) or "the whole"
        lines.append(f"{file}: {prefix}{key}: {remedy(detail)}.")
    return "\n".join(lines)
