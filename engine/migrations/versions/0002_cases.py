"""Cases: their numbers and inputs, told as facts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("fact", sa.Column("case_number", sa.String(), nullable=True))
    op.add_column("fact", sa.Column("inputs", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_fact_case_number"), "fact", ["case_number"])
    op.create_index(
        "uq_fact_case_opened",
        "fact",
        ["case_number"],
        unique=True,
        sqlite_where=sa.text("kind = 'case-opened'"),
        postgresql_where=sa.text("kind = 'case-opened'"),
    )
