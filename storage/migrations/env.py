"""Runs migrations on the connection that `storage.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from storage.tables import approval, entries, flow

# Importing both modules is what fills the metadata.
assert entries
assert flow
assert approval

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
