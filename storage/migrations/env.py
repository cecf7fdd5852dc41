"""Runs migrations on the connection that `storage.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from storage import flow_tables, review_tables, tables

# Importing both modules is what fills the metadata.
assert tables
assert flow_tables
assert review_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
