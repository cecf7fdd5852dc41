"""Search puts the entry that answers first, and says when none does."""

import pytest

from bot.domain.embedding import Embedding, cosine, pack, unpack
from bot.domain.ranking import Document, EntryText, mend, rank, read_document
from bot.domain.related import related
from bot.domain.search_terms import search_terms, split_words
from bot.embedding import load_embedder
from bot.embedding.pieces import split_pieces

TEXTS = {
    "DEC-1": EntryText(
        title="Work device lost or stolen",
        trigger="An employee no longer has their notebook or telephone.",
        rule="Lock it remotely and change the credentials within the hour.",
    ),
    "DEC-2": EntryText(
        title="Release during the weekend",
        trigger="Somebody wants to deploy between Friday noon and Monday.",
        rule="It waits until Monday, unless customers are down.",
    ),
    "ESC-1": EntryText(
        title="KubePodNotReady on eu-1",
        trigger="A pod isn't ready for 15 minutes.",
        rule="Platform on duty, then the lead.",
        tags="kubernetes",
    ),
}
DOCUMENTS = [read_document(key, text) for key, text in TEXTS.items()]


def first(query: str, documents: list[Document] = DOCUMENTS) -> str:
    return next((match.key for match in rank(query, documents).matches), "nothing")


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("stolen device", "DEC-1"),
        ("lost my laptop", "DEC-1"),
        ("can i deploy on friday?", "DEC-2"),
        ("releasing at the weekend", "DEC-2"),
        ("pod not ready", "ESC-1"),
        ("eu-1", "ESC-1"),
        ("KubePodNotReady", "ESC-1"),
        ("#kubernetes", "ESC-1"),
        ("releas", "DEC-2"),
        ("credentials of a lost pho", "DEC-1"),
    ],
)
def test_the_entry_that_answers_comes_first(query: str, key: str) -> None:
    assert first(query) == key


@pytest.mark.parametrize("query", ["", "?", "what do we do", "zzzz"])
def test_a_question_without_a_known_word_finds_nothing(query: str) -> None:
    ranking = rank(query, DOCUMENTS)
    assert not ranking.answers
    assert first(query) == "nothing" or query == "what do we do"


def test_nothing_is_found_among_no_entries() -> None:
    assert not rank("stolen device", []).matches


def test_an_answer_is_more_probable_the_more_of_the_question_an_entry_has() -> None:
    sure = rank("work device stolen", DOCUMENTS)
    unsure = rank("device for the meeting room broken", DOCUMENTS)
    assert sure.answers
    assert not unsure.answers
    assert sure.probability > unsure.probability


def test_more_is_needed_to_answer_a_question_than_to_list_an_entry() -> None:
    likely = rank("release a fix at the weekend for the shop", DOCUMENTS)
    assert likely.answers
    assert not likely.is_sure
    sure = rank("deploy stuck on monday", DOCUMENTS)
    assert sure.answers
    assert sure.is_sure


def test_a_few_entries_answer_fewer_questions() -> None:
    others = [
        read_document(f"DEC-{place}", EntryText(title=title, trigger="", rule=""))
        for place, title in enumerate(("Invoices", "Visitors", "Holidays", "Badges"), start=10)
    ]
    query = "device for the meeting room broken"
    few, more = rank(query, DOCUMENTS[:2]), rank(query, [*DOCUMENTS[:2], *others])
    assert few.matches[0].key == more.matches[0].key == "DEC-1"
    assert few.probability < more.probability


def test_an_entry_with_every_word_of_the_question_answers_it() -> None:
    ranking = rank("deploy", DOCUMENTS)
    assert ranking.has_all_words
    assert ranking.answers


def test_a_slip_is_mended_only_in_a_word_that_no_entry_has() -> None:
    words = {"weekend": 3, "release": 2, "device": 1, "devices": 1}
    assert mend("weekned relase", words) == "weekend release"
    assert mend("Weekend devces", words) == "Weekend devices"
    # A common word isn't a slip, and a short one may mean too much.
    assert mend("weekday plan", words) == "weekday plan"


COMPOUNDS = {
    "DEC-1": EntryText(title="Roll back checkout on errors", trigger="Log in and fail over."),
    "DEC-2": EntryText(title="Backup of the wiki", rule="The login is in the vault."),
    "DEC-3": EntryText(title="Errors of the paper feed", rule="By hand, then start over."),
}


@pytest.mark.parametrize(
    ("query", "mended", "key"),
    [
        ("rollback checkout", "rollback checkout", "DEC-1"),
        ("rollbacks", "rollbacks", "DEC-1"),
        ("rollback chekcout", "rollback checkout", "DEC-1"),
        ("failover", "failover", "DEC-1"),
        ("back up wiki", "back up wiki", "DEC-2"),
        ("backing up", "backing up", "DEC-2"),
        ("paperfeed", "paperfeed", "DEC-3"),
        # The words are in entries, so nothing is mended.
        ("login vault", "login vault", "DEC-2"),
        # A part with fewer than three letters may be anything.
        ("vaultit", "vaultit", "DEC-2"),
    ],
)
def test_a_word_may_be_written_as_two_and_two_as_one(query: str, mended: str, key: str) -> None:
    texts = " ".join(passage for text in COMPOUNDS.values() for passage in text.passages)
    words = dict.fromkeys((part for _, parts in split_words(texts) for part in parts), 1)
    assert mend(query, words) == mended
    documents = [read_document(key, text) for key, text in COMPOUNDS.items()]
    assert first(mended, documents) == key


def test_two_words_that_an_entry_writes_as_one_are_both_there() -> None:
    documents = [read_document(key, text) for key, text in COMPOUNDS.items()]
    assert rank("back up", documents).has_all_words
    assert rank("rollback", documents).has_all_words
    # Two words far apart in a text aren't one.
    assert not rank("handover", documents).has_all_words
    assert not rank("wiki back checkout", documents).has_all_words


def test_identifiers_are_split_into_parts() -> None:
    assert search_terms("KubePodNotReady eu-1") == [
        *("kub", "pod", "ready", "#kubepodnotready"),
        *("eu", "#eu1"),
    ]
    assert search_terms("Réplica 手順") == ["replica", "手", "順"]


def test_words_that_mean_about_the_same_are_related() -> None:
    assert "notebook" in related("laptop")
    assert not related("zzzz")


def test_embeddings_decide_where_the_words_do_not() -> None:
    here: Embedding = (1.0, 0.0)
    away: Embedding = (0.0, 1.0)
    documents = [
        Document(key=key, fields=({}, {}, {}, {}, {}), length=0, passages=(passage,))
        for key, passage in (("DEC-1", away), ("DEC-2", here))
    ]
    ranking = rank("gone", documents, embedding=here)
    assert [match.key for match in ranking.matches] == ["DEC-2"]
    assert ranking.answers


def test_an_entry_that_is_hardly_alike_in_meaning_is_not_shown() -> None:
    about, faintly = (1.0, 0.0), (0.2, 0.98)
    documents = [
        Document(key="DEC-1", fields=({"checkout": 1}, {}, {}, {}, {}), length=1, passages=()),
        Document(key="HND-3", fields=({}, {}, {}, {}, {}), length=0, passages=(faintly,)),
    ]
    ranking = rank("checkout", documents, embedding=about)
    assert [match.key for match in ranking.matches] == ["DEC-1"]


def test_a_packed_embedding_keeps_its_direction() -> None:
    embedding = (0.6, -0.8, 0.0)
    assert len(pack(embedding)) == 3
    assert cosine(unpack(pack(embedding)), embedding) > 0.999


def test_texts_are_split_like_the_model_was_trained() -> None:
    assert split_pieces("Héllo, wörld-wide!") == [101, 7592, 1010, 2088, 1011, 2898, 999, 102]
    assert len(split_pieces("word " * 1000)) == 128


def test_the_model_finds_what_is_meant_in_other_words() -> None:
    embedder = load_embedder()
    if embedder is None:
        pytest.skip("the extra opslore[semantic] isn't installed")
    question, near, far = embedder.embed(
        ["my laptop was taken on the train", TEXTS["DEC-1"].title, TEXTS["DEC-2"].title]
    )
    assert cosine(question, near) > cosine(question, far) + 0.2
    assert abs(cosine(near, near) - 1) < 1e-6
