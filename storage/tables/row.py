"""The base class of all rows."""

from sqlmodel import SQLModel

# Constraints and indexes get their names by rule, so that later migrations know them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of any table. Rows are never validated, so pydantic doesn't have to build schemas."""

    model_config = {"defer_build": True}
