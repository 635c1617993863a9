"""Editions that go back to an older one, and applying without being asked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("edition", sa.Column("restores", sa.Integer(), nullable=True))
    op.create_table(
        "auto_apply",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("lease_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("files_hash", sa.String(), nullable=False),
        sa.Column("files_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_hash", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_auto_apply_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auto_apply")),
    )
