"""What a message says, and the EmailMessage made of it; knows neither relay nor store."""

from engine.message.digest import Group, Kind, Line, digest
from engine.message.envelope import email_message
from engine.message.letter import Entry, Letter, Link, Section, letter_from_json, letter_to_json

__all__ = [
    "Entry",
    "Group",
    "Kind",
    "Letter",
    "Line",
    "Link",
    "Section",
    "digest",
    "email_message",
    "letter_from_json",
    "letter_to_json",
]
