"""Runs migrations on the connection that `storage.migrate` hands over."""

import importlib
import pkgutil

from alembic import context
from sqlmodel import SQLModel

from storage import tables

# Importing a table's module is what puts it into the metadata.
for module in pkgutil.iter_modules(tables.__path__, f"{tables.__name__}."):
    importlib.import_module(module.name)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
