"""Puts the shipped site into the wheel; an editable install reads it from the checkout."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = (
    "config.toml",
    "organisation",
    "workflows",
    "calendars/meetings",
    "calendars/milestones",
    "calendars/working-days",
)


class ShippedSite(BuildHookInterface):  # type: ignore[type-arg]  # hatchling gives no parameter
    """Adds the inputs by named folder, never what the engine publishes."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is built."""
        if version == "standard":
            for name in SHIPPED:
                build_data["force_include"][name] = f"engine/site/{name}"
