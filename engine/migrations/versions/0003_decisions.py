"""What people decide about deadlines: where it was treated, days by decision, follow-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for name in ("from_on", "to_on"):
        op.add_column("fact", sa.Column(name, sa.Date(), nullable=True))
    for name in ("meeting", "minutes_item", "what", "who"):
        op.add_column("fact", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column(
        "fact", sa.Column("past_limit", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("fact", sa.Column("follow_up", sa.String(), nullable=True))
    op.create_index(
        "uq_fact_follow_up",
        "fact",
        ["follow_up"],
        unique=True,
        sqlite_where=sa.text("kind = 'follow-up'"),
        postgresql_where=sa.text("kind = 'follow-up'"),
    )
