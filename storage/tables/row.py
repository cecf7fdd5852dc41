"""What all rows share."""

from sqlmodel import SQLModel

# Names given by rule, so that a later migration can name what it changes.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of any table. Nothing asks pydantic to check one, so its schemas need not be built."""

    model_config = {"defer_build": True}
