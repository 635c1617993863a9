"""Planned courses: which training is given when, with how many seats, and to whom."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.planning.fields import Day, Entry, Number, OneOrMore, fault
from engine.planning.workflow import Selector

COURSES = "organisation/courses.yaml"


class PlannedCourse(Entry):
    """A course that has been planned; `training` is a workflow, or a step of one."""

    training: str
    starts_on: Day = Field(alias="starts")
    ends_on: Day | None = Field(None, alias="ends")
    seats: Number = Field(ge=1, le=10_000)
    bodies: Annotated[tuple[Selector, ...], OneOrMore] = Field((), alias="for")
    where: str = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.over_on < self.starts_on:
            raise fault("course.ends-before-it-starts", starts=self.starts_on)
        return self

    @property
    def over_on(self) -> Day:
        """Its last day; a course with one day only says when it starts."""
        return self.ends_on or self.starts_on

    def gives(self, workflow: str, step: str) -> bool:
        """Whether it is a course in this training."""
        return self.training in (workflow, f"{workflow}/{step}")


class PlannedCourses(Entry):
    """The file `courses.yaml`."""

    courses: tuple[PlannedCourse, ...]
