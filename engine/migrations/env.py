"""Run by Alembic for every command: the tables as they should be, and the connection to use."""

from alembic import context

from engine.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
