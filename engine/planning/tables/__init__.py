"""What law and agreements give as tables: scales of notices, and decisions."""

from engine.planning.tables.cells import answer
from engine.planning.tables.checking import Fault, faults
from engine.planning.tables.decision import (
    Answer,
    Decided,
    DecisionTable,
    Refused,
    Undecided,
    decide,
)
from engine.planning.tables.scale import (
    NoticeTable,
    notice,
    scale_of,
)

AnyTable = NoticeTable | DecisionTable

__all__ = [
    "Answer",
    "AnyTable",
    "Decided",
    "DecisionTable",
    "Fault",
    "NoticeTable",
    "Refused",
    "Undecided",
    "answer",
    "decide",
    "faults",
    "notice",
    "scale_of",
]
