"""Values for the templates that list or quote entries, and for those about gaps."""

from typing import Any

from hypothesis import strategies as st

from bot.domain.entries import Key
from bot.domain.entry_filters import EntryFilter, StateFilter
from bot.domain.kinds import Kind
from bot.domain.prompts import PromptTally, ShownPrompt
from bot.domain.questions import QuestionAnswer
from bot.domain.workspaces import Workspace
from bot.usecases.entries.find import SearchResult
from bot.usecases.entries.listing import COUNTED_AT_MOST, PAGE, EntryPage
from bot.usecases.listening.gaps import Gaps
from bot.usecases.listening.shape_gaps import Shaping
from bot.usecases.settings.workspace import ShownSettings
from tests.support.template_makers import (
    ANA,
    AT,
    BEN,
    OPS,
    TEAM,
    entries,
    gaps,
    long_texts,
    prompts,
    shown,
    texts,
    told,
)

keys = st.none() | st.builds(Key, kind=st.sampled_from(Kind), number=st.just(10**9 - 1))
pages = st.builds(
    EntryPage,
    entry_filter=st.builds(
        EntryFilter,
        kinds=st.sampled_from([(), tuple(Kind)]),
        states=st.sampled_from([(), tuple(StateFilter)]),
        owners=st.sampled_from([(), (ANA, BEN)]),
        homes=st.sampled_from([(), (OPS,)]),
    ),
    entries=st.lists(entries(), max_size=PAGE).map(tuple),
    count=st.sampled_from([0, 1, COUNTED_AT_MOST]),
    has_uncounted=st.booleans(),
    back=keys,
    next=keys,
)

answers = st.builds(
    QuestionAnswer,
    entry=st.none() | entries(),
    is_reliable=st.booleans(),
    gap=st.none() | gaps(),
    helper=st.sampled_from([None, BEN]),
    helped_at=st.just(AT),
)

search_results = st.one_of(
    st.just(SearchResult()),
    st.builds(
        SearchResult,
        entries=st.lists(entries(), min_size=1, max_size=8).map(tuple),
        answers=st.booleans(),
    ),
)

LISTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "answer": shown(answer=answers, ts=st.just("1772618400.000100"), asked=told(240)),
    "ask": shown(person=st.just(ANA), by=st.just(BEN), asked=told(240), is_direct=st.booleans()),
    "entry_list": shown(found=search_results, words=long_texts, meant=st.none() | texts),
    "entry_page": shown(page=pages),
    "workspace_settings": shown(
        shown=st.just(ShownSettings(workspace=Workspace(team=TEAM), prompts=PromptTally()))
    ),
    "elsewhere_form": shown(
        prompt=st.just(10**9),
        channel=st.just(OPS),
        thread_ts=st.none() | st.just("1772618400.000100"),
        shown_at=st.just("https://hooks.slack.com/actions/T0TEAM/1/" + "a" * 100),
    ),
    "gaps": shown(
        gaps=st.builds(Gaps, gaps=st.lists(gaps(), max_size=8).map(tuple), more=st.integers(0, 999))
    ),
    "prompt": shown(
        shown=st.builds(
            ShownPrompt, prompt=prompts, entry=st.none() | entries(), gap=st.none() | gaps()
        ),
        by=st.none() | st.just(BEN),
    ),
    "gap_form": shown(
        shaping=st.builds(
            Shaping, gap=gaps(), others=st.lists(gaps(), max_size=5).map(tuple)
        ).filter(lambda shaping: bool(shaping.gap.occurrences)),
        act=st.sampled_from(["rename", "merge", "split"]),
        channel=st.just(OPS),
    ),
}
