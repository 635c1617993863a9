"""How results look: JSON for programs, plain lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from babel.dates import format_date

from engine.wording.catalogue import Language

_LOCALES = {"da": "da_DK", "en": "en_GB"}


def plain(value: object) -> Any:
    """A value as JSON has it: ISO dates, lists, plain words."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    return str(value)


def show_json(value: object) -> None:
    """Data for programs, on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def show(text: str = "") -> None:
    """A line for people, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """A line that is not part of the answer, on standard error."""
    sys.stderr.write(text + "\n")


def day_column(on: date | None, language: Language) -> str:
    """A day in a list: `to 19.03.2026`, all of one width."""
    if on is None:
        return " " * 13
    weekday = format_date(on, "EEEEEE", locale=_LOCALES[language])[:2]
    return f"{weekday} {on:%d.%m.%Y}"
