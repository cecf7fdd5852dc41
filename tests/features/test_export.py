"""Reading a Slack export: messages of people are read, all others and damaged ones left out."""

import io
import json
import stat
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import InvalidInputError
from bot.domain.listening.conversation import Said
from bot.slack.export.reading import Export, open_export
from tests.support.exports import TEAMS, account, export_chat, message, read_team, write_export

USERS = [
    account("U0ANA0001", "ana"),
    {"id": "U0BEN0001", "name": "ben", "profile": {"display_name": "Ben K.", "real_name": "Ben"}},
    account("U0LEA0001", "lea", deleted=True),
    account("U0BOT0001", "pager", is_bot=True),
]
CHANNELS = [{"id": "C00000001", "name": "ops"}, {"id": "C00000002", "name": "oncall"}]


def read(path: Path, *, largest: int = 1 << 20) -> tuple[list[Said], Export]:
    with open_export(path, wanted=lambda _channel, _day: True, largest=largest) as export:
        return [said for day in export.layout.days for said in export.read_day(day)], export


def export_of(tmp_path: Path, records: Sequence[object], **others: object) -> Path:
    days = {"ops/2026-03-02": records, **others}
    return write_export(tmp_path / "export.zip", days, users=USERS, channels=CHANNELS)


def test_messages_of_all_channels_come_in_order_of_time(tmp_path: Path) -> None:
    path = write_export(
        tmp_path / "export.zip",
        {
            "ops/2026-03-03": [message("U0ANA0001", "1772500000.000100", "third")],
            "ops/2026-03-02": [
                message("U0BEN0001", "1772420000.000300", "second"),
                message("U0ANA0001", "1772410000.000100", "first"),
            ],
            "oncall/2026-03-02": [message("U0LEA0001", "1772415000.000100", "between")],
        },
        users=USERS,
        channels=CHANNELS,
    )

    messages, export = read(path)

    assert [said.text for said in messages] == ["first", "between", "second", "third"]
    assert [said.channel for said in messages] == ["ops", "oncall", "ops", "ops"]
    assert messages[0].ts == "1772410000.000100"
    assert export.faults.total == 0
    # The name that a person chose comes first, and people who left keep theirs.
    assert [export.people.name(said.user) for said in messages] == ["Ana", "Lea", "Ben K.", "Ana"]


def test_only_messages_that_people_wrote_are_read(tmp_path: Path) -> None:
    ts = iter(f"1772410000.{number:06d}" for number in range(100))
    path = export_of(
        tmp_path,
        [
            message("U0ANA0001", next(ts), "written"),
            message("U0ANA0001", next(ts), "a file", subtype="file_share"),
            message("U0ANA0001", next(ts), "also to the channel", subtype="thread_broadcast"),
            message("U0ANA0001", next(ts), "joined", subtype="channel_join"),
            message("U0ANA0001", next(ts), "topic", subtype="channel_topic"),
            message("U0ANA0001", next(ts), "by an app", bot_id="B00000001"),
            message("U0BOT0001", next(ts), "by a bot's account"),
            message("USLACKBOT", next(ts), "This message was deleted.", subtype="tombstone"),
            {"type": "message", "subtype": "bot_message", "ts": next(ts), "text": "alert"},
        ],
    )

    messages, export = read(path)

    assert [said.text for said in messages] == ["written", "a file", "also to the channel"]
    assert export.faults.total == 0


def test_a_text_is_read_as_people_see_it_with_ids_for_people(tmp_path: Path) -> None:
    path = export_of(
        tmp_path,
        [
            message(
                "U0ANA0001",
                "1772410000.000100",
                "<@U0BEN0001|ben> &amp; @lea: see <https://wiki.example/x|the page> in "
                "<#C00000002|> before <!here> asks, mail me@ana.example",
            ),
        ],
    )

    (said,), _ = read(path)

    assert said.text == (
        "@U0BEN0001 & @lea: see the page (https://wiki.example/x) in #oncall before @here asks, "
        "mail me@ana.example"
    )
    assert said.mentions == ("U0BEN0001", "U0LEA0001")


def test_replies_know_their_thread(tmp_path: Path) -> None:
    root = "1772410000.000100"
    path = export_of(
        tmp_path,
        [
            message("U0ANA0001", root, "the hub is down", thread_ts=root, reply_count=1),
            message("U0BEN0001", "1772410100.000100", "restart it", thread_ts=root),
        ],
    )

    messages, _ = read(path)

    assert [said.opens for said in messages] == [True, False]
    assert [said.root for said in messages] == [root, root]


def test_a_message_that_is_exported_twice_is_read_once(tmp_path: Path) -> None:
    twice = message("U0ANA0001", "1772410000.000100", "once")
    messages, _ = read(export_of(tmp_path, [twice, twice]))
    assert [said.text for said in messages] == ["once"]


def test_direct_messages_are_never_read(tmp_path: Path) -> None:
    day = [message("U0ANA0001", "1772410000.000100", "secret")]
    path = write_export(
        tmp_path / "export.zip",
        {
            "ops/2026-03-02": [message("U0ANA0001", "1772410000.000100", "public")],
            "D012345678/2026-03-02": day,
            "DUNUSUAL/2026-03-02": day,
            "mpdm-ana--ben-1/2026-03-02": day,
            "trio/2026-03-02": day,
        },
        users=USERS,
        channels=CHANNELS,
        dms=[{"id": "DUNUSUAL"}],
        mpims=[{"id": "G00000009", "name": "trio"}],
    )

    messages, export = read(path)

    assert [said.text for said in messages] == ["public"]
    assert len(export.layout.direct) == 4


def test_damaged_files_and_records_are_named_and_skipped(tmp_path: Path) -> None:
    good = message("U0ANA0001", "1772410000.000100", "good")
    path = export_of(
        tmp_path,
        [
            good,
            "text",
            {"type": "message", "user": "U0ANA0001", "text": "no time"},
            7,
            None,
            message("U0ANA0001", "yesterday", "x"),
            {**good, "text": ["not a text"]},
        ],
        **{
            "ops/2026-03-03": "[{",
            "ops/2026-03-04": b"\xff\xfe\x00",
            "ops/2026-03-05": {"ok": False},
            "ops/2026-03-06": "[" * 100_000,
            "ops/2026-03-07": "[1e999999, NaN]",
            "ops/2026-03-08": [],
            "ops/2026-13-45": "[{",
        },
    )

    messages, export = read(path)

    assert [said.text for said in messages] == ["good"]
    files = [fault.partition(":")[0] for fault in export.faults.shown]
    assert files.count("ops/2026-03-02.json") == 5
    assert set(files) == {f"ops/2026-03-0{day}.json" for day in (2, 3, 4, 5, 6, 7)}
    assert "ops/2026-03-02.json: record 3: ts is missing." in export.faults.shown


def test_a_file_whose_content_is_damaged_is_named_and_skipped(tmp_path: Path) -> None:
    path = export_of(
        tmp_path,
        [message("U0ANA0001", "1772410000.000100", "good")],
        **{"ops/2026-03-03": [message("U0ANA0001", "1772500000.000100", "lost" * 500)]},
    )
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("ops/2026-03-03.json").header_offset
    raw = bytearray(path.read_bytes())
    raw[start + 60 : start + 70] = b"\x00" * 10
    path.write_bytes(bytes(raw))

    messages, export = read(path)

    assert [said.text for said in messages] == ["good"]
    assert export.faults.total == 1
    assert export.faults.shown[0].startswith("ops/2026-03-03.json: it's damaged")


def test_a_file_that_grows_when_it_is_unpacked_is_skipped(tmp_path: Path) -> None:
    path = export_of(
        tmp_path,
        [message("U0ANA0001", "1772410000.000100", "good")],
        **{"ops/2026-03-03": b"[" + b" " * (8 << 20) + b"]"},
    )
    assert path.stat().st_size < 100_000

    messages, export = read(path, largest=1 << 20)

    assert [said.text for said in messages] == ["good"]
    assert export.faults.shown == ["ops/2026-03-03.json: it's larger than 1 MB"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_in_a_packing_that_unpacks_blocks_as_a_whole_is_skipped(
    tmp_path: Path, method: int
) -> None:
    path = export_of(tmp_path, [message("U0ANA0001", "1772410000.000100", "good")])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ops/2026-03-03.json", b"[" + b" " * (8 << 20) + b"]", method)

    messages, export = read(path)

    assert [said.text for said in messages] == ["good"]
    assert export.faults.shown == [
        "ops/2026-03-03.json: it's packed in a way that Slack doesn't use"
    ]


def test_days_and_times_of_other_ages_are_left_out(tmp_path: Path) -> None:
    path = export_of(
        tmp_path,
        [
            message("U0ANA0001", "1772410000.000100", "good"),
            message("U0ANA0001", "253402300799.000100", "in the year 9999"),
        ],
        **{"ops/0001-01-01": "[{", "ops/9999-12-31": "[{"},
    )

    messages, export = read(path)

    assert [said.text for said in messages] == ["good"]
    assert export.faults.shown == ["ops/2026-03-02.json: record 2: ts isn't a timestamp."]


def test_names_that_lead_out_of_the_export_are_harmless(tmp_path: Path) -> None:
    outside = json.dumps([message("U0ANA0001", "1772410000.000100", "outside")])
    path = export_of(tmp_path, [message("U0ANA0001", "1772410000.000100", "good")])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../2026-03-02.json", outside)
        archive.writestr("a/b/c/2026-03-02.json", outside)
        archive.writestr("__MACOSX/ops/2026-03-02.json", outside)
        archive.writestr("ops/._2026-03-02.json", outside)
        archive.writestr("ops\x1b[2J/2026-03-02.json", "[{")
        link = zipfile.ZipInfo("ops/2026-03-09.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    messages, export = read(path)

    assert [said.text for said in messages] == ["good"]
    assert [fault.partition(":")[0] for fault in export.faults.shown] == [
        "ops\\u001B[2J/2026-03-02.json"
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["export.zip"]


@pytest.mark.parametrize("inner", ["", "Acme Slack export/"])
def test_a_folder_is_read_like_the_zip_file_it_came_from(tmp_path: Path, inner: str) -> None:
    path = export_of(tmp_path, [message("U0ANA0001", "1772410000.000100", "good")])
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w") as other:
            for name in archive.namelist():
                other.writestr(f"{inner}{name}", archive.read(name))
    path.write_bytes(again.getvalue())
    (folder / "ops" / "2026-03-03.json").symlink_to("/etc/passwd")

    assert [said.text for said in read(folder)[0]] == ["good"]
    assert [said.text for said in read(path)[0]] == ["good"]
    assert read(path)[1].people.name("U0BEN0001") == "Ben K."


def test_a_path_that_is_no_export_is_refused(tmp_path: Path) -> None:
    text, empty = tmp_path / "notes.txt", tmp_path / "empty"
    text.write_text("hello")
    empty.mkdir()
    for path, why in (
        (text, "can't be read as a zip file"),
        (tmp_path / "missing.zip", "There is no file"),
        (empty, "No chat was found"),
    ):
        with pytest.raises(InvalidInputError, match=why):
            read(path)


def test_only_the_files_that_are_wanted_are_opened(tmp_path: Path) -> None:
    path = export_of(
        tmp_path,
        [message("U0ANA0001", "1772410000.000100", "good")],
        **{"ops/2026-03-03": "[{", "oncall/2026-03-02": "[{"},
    )
    with open_export(
        path, wanted=lambda channel, day: (channel, day) == ("ops", date(2026, 3, 2))
    ) as export:
        assert [len(export.read_day(day)) for day in export.layout.days] == [1]
    assert export.faults.total == 0


def test_people_without_a_list_have_their_ids_as_names(tmp_path: Path) -> None:
    path = write_export(
        tmp_path / "export.zip",
        {"ops/2026-03-02": [message("U0ANA0001", "1772410000.000100", "good")]},
    )

    messages, export = read(path)

    assert export.people.name(messages[0].user) == "U0ANA0001"
    assert export.faults.shown == ["users.json: the export doesn't have it"]


@pytest.mark.parametrize("team", ["harbor", "ledger", "parcel", "ward"])
def test_the_chat_of_a_team_survives_the_way_through_an_export(tmp_path: Path, team: str) -> None:
    lines = read_team(TEAMS / team)
    made = export_chat(tmp_path / "export.zip", lines)

    messages, export = read(made.path)

    assert export.faults.total == 0
    assert {(said.channel, said.ts) for said in messages} == set(made.places.values())
    assert [said.at.timestamp() for said in messages] == sorted(
        said.at.timestamp() for said in messages
    )
