"""Documents: one model of headings, paragraphs and tables, and a small writer for each format."""

from engine.documents.model import Cell, Document, Heading, Paragraph, Table
from engine.documents.writing import ENDINGS, render

__all__ = ["ENDINGS", "Cell", "Document", "Heading", "Paragraph", "Table", "render"]
