"""The table block and the data table block."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.schema import (
    Schema,
    array,
    block_shape,
    boolean,
    integer,
    is_array,
    is_object,
    number,
    or_null,
    said,
    shape,
    string,
    tagged,
    word,
)

_RAW: dict[str, Schema] = {
    "raw_text": shape({"type": word("raw_text"), "text": string(least=1)}),
    "raw_number": shape({"type": word("raw_number"), "value": number, "text": string(least=1)}),
}
_CELL = tagged({**_RAW, "rich_text": RICH_TEXT})
_COLUMN = shape({}, {"align": word("left", "center", "right"), "is_wrapped": boolean})


def _even_rows(value: object, at: str) -> Iterator[str]:
    """Yield rows whose length differs from the header's, and rich text in the header."""
    rows = value.get("rows") if is_object(value) else None
    if not is_array(rows) or not rows or not is_array(rows[0]):
        return
    header = rows[0]
    for index, row in enumerate(rows):
        if is_array(row) and len(row) != len(header):
            yield said("must have as many cells as the header", f"{at}/rows/{index}")
    yield from array(tagged(_RAW))(header, f"{at}/rows/0")


# docs.slack.dev, table block and data table block.
TABLE = block_shape(
    "table",
    {"rows": array(array(_CELL, 1, 20), 1, 100)},
    {"column_settings": array(or_null(_COLUMN), 0, 20)},
)
DATA_TABLE = block_shape(
    "data_table",
    # The header, and 1 to 100 rows.
    {"caption": string(least=1), "rows": array(array(_CELL, 1, 20), 2, 101)},
    {"page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
    _even_rows,
)
