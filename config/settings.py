"""What an operator may set: every option with its default, its check and its remedy; all problems in one error."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.tables import remedy
from digests.errors import ConfigurationError

PROGRAM = Path(__file__).resolve().parent.parent
SECRETS = ("telegram_bot_token", "webhook_secret", "database_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The setting CLOCK: when the machine showed `present` the program's clock showed `replayed`, `speed` times as fast."""

    present: datetime
    replayed: datetime
    speed: float


def _rehearsal(value: Any) -> Any:
    """Read `2026-11-24T02:34:33.608Z=2026-02-04T18:00:00Z*600`."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([^=]+)=([^=*]+)\*([\d.]+)", value.strip())
    try:
        present, replayed = (datetime.fromisoformat(text) for text in found.groups()[:2]) if found else (None, None)
        speed = float(found[3]) if found else 0.0
    except ValueError:
        present = replayed = None
        speed = 0.0
    if present is None or replayed is None or present.tzinfo is None or replayed.tzinfo is None or speed <= 0:
        message = "write <present>=<replayed>*<speed>, such as 2026-11-24T02:34:33Z=2026-02-04T18:00:00Z*600"
        raise ValueError(message)
    return Rehearsal(present=present.astimezone(UTC), replayed=replayed.astimezone(UTC), speed=speed)


def _from_program(value: Any) -> Any:
    """Take a relative path as relative to the program's folder, wherever the program is called from."""
    return PROGRAM / Path(value).expanduser() if isinstance(value, str | Path) else value


def _is_postgres(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"postgres", "postgresql"}
    except ValueError:  # a bracket that is not closed
        return False


def _user_ids(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not all(word.isascii() and word.isdigit() for word in words):
        message = "write Telegram user ids between commas, such as 123456789,987654321"
        raise ValueError(message)
    return frozenset(int(word) for word in words)


ProgramPath = Annotated[Path, BeforeValidator(_from_program)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Settings(BaseSettings):
    """The options, from the environment or `.env` beside the program; a secret's file, NAME_FILE, goes before both."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, case_sensitive=False)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    data_dir: ProgramPath = PROGRAM / "data"
    database_url: SecretStr | None = None
    dyno: str | None = None  # set by hosts such as Heroku
    feeds_file: ProgramPath = PROGRAM / "config" / "feeds.toml"
    topics_dir: ProgramPath = PROGRAM / "config" / "topics"
    gather_every: Seconds = 300
    tick_every: Seconds = 5
    worker_lease: Annotated[float, Field(ge=1, le=60)] = 20
    webhook_secret: SecretStr | None = None
    webhook_url: str | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    send_rate: Annotated[float, Field(gt=0, le=1000)] = 29.4
    jurisdiction: str | None = None
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_user_ids)] = frozenset()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    allow_private_feeds: bool = False
    clock: Annotated[Rehearsal | None, NoDecode, BeforeValidator(_rehearsal)] = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand in no line that anybody reads."""
        values = (getattr(self, name) for name in SECRETS)
        return tuple(value.get_secret_value() for value in values if value is not None)

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"\d+:[\w-]{20,}", value.get_secret_value()):
            message = "a token looks like 123456789:ABC…, as @BotFather gives it"
            raise ValueError(message)
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = "write an address such as https://api.telegram.org"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("jurisdiction")
    @classmethod
    def _code(cls, value: str | None) -> str | None:
        code = value.strip().upper() if value else None
        if code is not None and not re.fullmatch("[A-Z]{2}", code):
            message = "write the two letters of the country whose law you live under, such as GB, or EU"
            raise ValueError(message)
        return code

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_postgres(value.get_secret_value()):
            message = "write postgresql://user:password@host/database, or unset it to keep all in DATA_DIR"
            raise ValueError(message)
        return value

    @field_validator("dyno")
    @classmethod
    def _lasting(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("database_url", "wrong, which is said already") is None:
            message = (
                "this host's disk does not last, so that every restart would forget who subscribed; "
                "add a Postgres to the app (heroku addons:create heroku-postgresql), which sets DATABASE_URL"
            )
            raise ValueError(message)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _shared_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[\w-]{16,256}", value.get_secret_value(), re.ASCII):
            message = "write 16 to 256 letters, digits, _ and -, such as `openssl rand -hex 32` prints"
            raise ValueError(message)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _brought(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = "write the address at which Telegram reaches this bot, such as https://bot.example/updates"
            raise ValueError(message)
        if info.data.get("webhook_secret", "wrong, which is said already") is None:
            message = "without WEBHOOK_SECRET anybody could write to the bot in Telegram's name; set it as well"
            raise ValueError(message)
        return value


class SecretFiles(BaseSettings):
    """The settings NAME_FILE: where container platforms put secrets."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    telegram_bot_token: Annotated[ProgramPath | None, Field(validation_alias="telegram_bot_token_file")] = None
    webhook_secret: Annotated[ProgramPath | None, Field(validation_alias="webhook_secret_file")] = None
    database_url: Annotated[ProgramPath | None, Field(validation_alias="database_url_file")] = None

    def read(self) -> dict[str, Any]:
        """Read the secrets whose files are named.

        Raises ConfigurationError where a file cannot be read.
        """
        found = {}
        for name in SECRETS:
            path: Path | None = getattr(self, name)
            if path is None:
                continue
            try:
                found[name] = path.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is no text"
                message = f"{name.upper()}_FILE={path} cannot be read ({reason}); name a readable file, or unset it."
                raise ConfigurationError(message) from None
        return found


def load(env_file: Path | None = PROGRAM / ".env") -> Settings:
    """Read the settings.

    Raises ConfigurationError with one line for each wrong option: its name, the value (not of a secret) and the remedy.
    """
    dotenv: Any = {"_env_file": env_file, "_env_file_encoding": "utf-8"}
    try:
        return Settings(**dotenv, **SecretFiles(**dotenv).read())
    except ValidationError as error:
        raise ConfigurationError("\n".join(_problem(detail) for detail in error.errors(include_url=False))) from None
    except UnicodeDecodeError:
        message = f"{env_file} cannot be read: it is no UTF-8 text; save it as UTF-8."
        raise ConfigurationError(message) from None


def _problem(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0])
    shown = "…" if name in SECRETS else str(detail["input"])
    return f"{name.upper()}={shown}: {remedy(detail)}."
