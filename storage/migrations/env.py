"""Alembic's environment: runs migrations on the connection from `storage.migrate`."""

import importlib
import pkgutil

from alembic import context
from sqlmodel import SQLModel

from storage import tables

# A table is in the metadata once its module is imported.
for module in pkgutil.iter_modules(tables.__path__, f"{tables.__name__}."):
    importlib.import_module(module.name)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
