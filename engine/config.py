"""How the site runs: `config.toml`, and MEDFRIST_… from the environment above it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from engine.errors import ConfigError

PREFIX = "MEDFRIST_"
FILE = "config.toml"


class Section(BaseModel):
    """A table of `config.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(Section):
    """Where the store is; relative paths are the site's."""

    url: str = "sqlite:///var/medfrist.db"


class Mail(Section):
    """The relay, or the sink that stands in for it."""

    host: str = ""
    port: int = Field(25, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    ca_file: Path | None = None
    timeout_seconds: float = Field(30, gt=0, le=600)
    give_up_after_hours: float = Field(96, gt=0, le=24 * 90)
    """How long a mail that cannot be handed in is tried again."""
    sender: str = Field("medfrist@localhost.example", pattern=r"^[^@\s]+@[^@\s]+$")
    sink: bool = False
    per_minute: int | None = Field(None, ge=1, le=10_000)


class Web(Section):
    """The address that people and calendars reach the site by."""

    base_url: str = Field("http://127.0.0.1:8000", pattern=r"^https?://\S+$")


class Heartbeat(Section):
    """Who is told that mails go."""

    url: str = Field("", pattern=r"^(https?://\S+)?$")


class Editions(Section):
    """How the files take effect."""

    auto_apply: bool = False


class Config(BaseSettings):
    """Everything operational about one site."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )
    database: Database = Database()
    mail: Mail = Mail()
    web: Web = Web()
    editions: Editions = Editions()
    heartbeat: Heartbeat = Heartbeat()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which is handed in when the model is made."""
        return env_settings, init_settings


def known_names() -> tuple[str, ...]:
    """Every name that may stand in the environment."""
    return tuple(
        f"{PREFIX}{section}__{name}".upper()
        for section, model in _sections().items()
        for name in model.model_fields
    )


def read_config(site: Path) -> Config:
    """The site's configuration; an unknown name or a secret in the file is an error."""
    _check_environment(os.environ)
    told = _file(site / FILE)
    try:
        return Config(**told)
    except ValidationError as error:
        raise _worded(error) from error


def _sections() -> dict[str, type[BaseModel]]:
    return {
        "database": Database,
        "mail": Mail,
        "web": Web,
        "editions": Editions,
        "heartbeat": Heartbeat,
    }


def _file(path: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError("config.unreadable", file=path.name) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("config.not-toml", file=path.name, detail=str(error)) from error
    if isinstance(told.get("mail"), dict) and told["mail"].get("password"):
        raise ConfigError("config.password-in-file", file=path.name)
    return told


def _check_environment(environment: Mapping[str, str]) -> None:
    known = known_names()
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            raise ConfigError(
                "config.unknown-variable", name=name, near=near[0] if near else known[0]
            )


def _worded(error: ValidationError) -> ConfigError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        names = [name[len(PREFIX) :].replace("__", ".").lower() for name in known_names()]
        near = get_close_matches(place, [*names, *_sections()], n=1)
        return ConfigError("config.unknown-name", name=place, near=near[0] if near else names[0])
    return ConfigError("config.wrong-value", name=place)
