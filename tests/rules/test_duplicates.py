"""A text that an entry already covers is recognized before it is recorded again."""

import pytest

from bot.domain.documents import EntryText, read_corpus, read_document
from bot.domain.duplicates import list_duplicates

TEXTS = {
    "DEC-1": EntryText(
        title="Renewing the certificate of the mail gateway",
        trigger="The certificate expires within two weeks.",
        rule="Ask the certificate desk a week before, then reload the gateway.",
    ),
    "DEC-2": EntryText(
        title="Stuck billing queue", rule="Restart the consumers of the billing queue."
    ),
    "DEC-3": EntryText(title="Badge reader", rule="The loading dock opens it by hand."),
    "DEC-4": EntryText(title="Printer", rule="Feed it paper."),
}
DOCUMENTS = [read_document(key, text) for key, text in TEXTS.items()]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (
            "The mail gateway certificate expires, who renews it? Ask the certificate desk.",
            ["DEC-1"],
        ),
        ("Certificate of the mail gateway", ["DEC-1"]),
        ("The billing queue is stuck again, and no invoice has left since this morning", ["DEC-2"]),
        # One shared word may be chance.
        ("The printer in the office lost its address, so give it a fixed one", []),
        ("printer", []),
        ("Order a new laptop for a colleague", []),
        ("", []),
    ],
)
def test_a_text_that_an_entry_covers_is_a_duplicate(text: str, keys: list[str]) -> None:
    assert list_duplicates(text, DOCUMENTS, read_corpus(DOCUMENTS)) == keys


def test_of_entries_with_the_same_title_each_is_a_duplicate() -> None:
    twins = [*DOCUMENTS, read_document("DEC-5", TEXTS["DEC-2"])]
    text = "What do we do when the billing queue is stuck?"
    assert set(list_duplicates(text, twins, read_corpus(twins))) == {"DEC-2", "DEC-5"}


def test_nothing_is_a_duplicate_among_no_entries() -> None:
    assert list_duplicates("billing queue stuck", [], read_corpus([])) == []
