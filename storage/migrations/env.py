"""Runs migrations on the connection that `storage.migrate` hands over."""

from alembic import context

from storage import flow_tables, tables

# Both modules fill the one metadata.
assert tables.SQLModel.metadata is flow_tables.SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
