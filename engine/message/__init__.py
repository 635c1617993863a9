"""What a message says, and the EmailMessage made of it; knows neither relay nor store."""

from engine.message.change import Changed, Todo, Turn, changes
from engine.message.digest import Group, Kind, Line, digest, footer
from engine.message.envelope import email_message
from engine.message.letter import Entry, Letter, Link, Section, letter_from_json, letter_to_json
from engine.message.single import single

__all__ = [
    "Changed",
    "Entry",
    "Group",
    "Kind",
    "Letter",
    "Line",
    "Link",
    "Section",
    "Todo",
    "Turn",
    "changes",
    "digest",
    "email_message",
    "footer",
    "letter_from_json",
    "letter_to_json",
    "single",
]
