"""What mail needs: links that answer, refused addresses, the last run, and mails not heard of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "site", sa.Column("outbox_held_for", sa.String(), nullable=False, server_default="")
    )
    op.add_column("site", sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("refused_on", sa.Date(), nullable=True))
    op.add_column("message", sa.Column("unsure_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    op.create_index(op.f("ix_link_recipient"), "link", ["recipient"])
