"""Files: how apps upload them, how people share them, and who can see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.errors import ActionRefusedError
from sandbox.pictures import Picture, picture
from tests.support.files import PNG, with_files
from tests.support.sandbox_sample import Bench, running

HTML = b"<script>alert(1)</script>"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, manifest=with_files(tmp_path), retry_delays=()) as found:
        for kind in ("file_shared", "file_deleted"):
            found.app.event(kind)(lambda ack: ack())
        yield found


def refused(call: Callable[..., Any], **args: Any) -> str:  # noqa: ANN401 - any method
    """Return Slack's error for a refused call."""
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def page_file(bench: Bench, file: str, user: str) -> httpx.Response:
    """Return the response that a person's page gets for a file."""
    return httpx.get(f"{bench.sandbox.url}/page/files/{file}", params={"as": user})


def test_the_real_client_uploads_into_a_thread(bench: Bench) -> None:
    """`files_upload_v2` works unchanged; the message has its author, file and thread."""
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    root = ana.say(ops, "the graph, please")

    answer = bench.client.files_upload_v2(
        channel=str(ops),
        thread_ts=root,
        filename="graph.png",
        content=PNG,
        title="Errors",
        alt_txt="A line that rises",
        initial_comment="Here it is",
    )

    posted = driver.thread(ops, root)[1].raw
    assert (posted["text"], posted["subtype"]) == ("Here it is", "file_share")
    assert posted["user"] == bench.sandbox.bot_user_id
    [file] = posted["files"]
    assert file["id"] == answer["file"]["id"]
    assert (file["name"], file["title"], file["mimetype"]) == ("graph.png", "Errors", "image/png")
    assert (file["size"], file["original_w"], file["alt_txt"]) == (len(PNG), 1, "A line that rises")
    assert "shares" not in answer["file"]
    shares = bench.client.files_info(file=file["id"])["file"]["shares"]
    assert [share["ts"] for share in shares["public"][str(ops)]] == [posted["ts"]]


def test_each_step_of_an_upload_is_checked(bench: Bench) -> None:
    client, url = bench.client, bench.sandbox.url
    start, complete = client.files_getUploadURLExternal, client.files_completeUploadExternal

    assert refused(start, filename="a", length=0) == "missing_argument"
    assert refused(start, filename="a", length=1, alt_txt="x" * 1001) == "alt_txt_too_large"
    assert refused(start, filename="a", length=60_000_000) == "storage_limit_reached"
    begun = start(filename="a.txt", length=3)
    assert refused(complete, files=[{"id": begun["file_id"]}]) == "file_not_found"
    assert httpx.post(begun["upload_url"], content=b"four").status_code == 400
    assert httpx.post(f"{url}/upload/v1/guessed", content=b"abc").status_code == 400
    form = {"filename": ("a.txt", b"abc")}
    assert httpx.post(begun["upload_url"], files=form).text == "OK - 3"
    assert refused(client.files_info, file=begun["file_id"]) == "file_not_found"
    assert complete(files=[{"id": begun["file_id"]}])["files"][0]["title"] == "a.txt"
    assert client.files_info(file=begun["file_id"])["file"]["shares"] == {}


def test_a_file_goes_only_where_the_bot_is(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    begun = bench.client.files_getUploadURLExternal(filename="a.txt", length=3)
    httpx.post(begun["upload_url"], content=b"abc")

    def error(channel: str) -> str:
        files = [{"id": begun["file_id"]}]
        call = bench.client.files_completeUploadExternal
        return refused(call, files=files, channel_id=channel)

    assert error(str(ops)) == "not_in_channel"
    assert error(ana.id) == "channel_not_found"


def test_files_need_their_scopes(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        start = bench.client.files_getUploadURLExternal
        assert refused(start, filename="a", length=1) == "missing_scope"
    with running(tmp_path, manifest=with_files(tmp_path, read=False)) as bench:
        assert refused(bench.client.files_info, file="F1") == "missing_scope"


def test_what_a_person_shares_reaches_the_app(bench: Bench) -> None:
    """It gets a message with files, `file_shared`, and the bytes at `url_private`."""
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    file = ana.upload("notes.txt", b"We roll back.")

    ts = ana.say(ops, "my notes", files=[file])

    said = bench.heard("message")[-1]
    assert (said["subtype"], said["text"], said["ts"]) == ("file_share", "my notes", ts)
    assert said["files"][0]["id"] == file
    shared = bench.heard("file_shared")[0]
    assert (shared["file_id"], shared["channel_id"], shared["user_id"]) == (file, str(ops), ana.id)
    token = {"Authorization": f"Bearer {bench.sandbox.bot_token}"}
    assert httpx.get(said["files"][0]["url_private"], headers=token).content == b"We roll back."
    # Without a token, Slack redirects to a login page, which apps then mistake for the file.
    assert httpx.get(said["files"][0]["url_private"]).is_redirect


def test_nobody_shares_what_another_uploaded(bench: Bench) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")
    ops = bench.driver.channel("ops", members=[ana, ben])
    file = ana.upload("notes.txt", b"We roll back.")

    with pytest.raises(ActionRefusedError):
        ben.say(ops, "mine", files=[file])


def test_a_file_is_seen_where_it_is_shared_and_nowhere_else(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    secret = driver.channel("secret", private=True, members=[ana])
    file = ana.upload("graph.png", PNG)
    ana.say(secret, "", files=[file])

    assert page_file(bench, file, ana.id).content == PNG
    assert page_file(bench, file, ben.id).status_code == 404
    assert page_file(bench, file, "").status_code == 404
    assert refused(bench.client.files_info, file=file) == "file_not_found"


@pytest.mark.parametrize("name", ["page.html", "picture.png", "drawing.svg"])
def test_a_file_never_becomes_a_page(bench: Bench, name: str) -> None:
    """Only files whose bytes are a picture are drawn, whatever their name."""
    ana = bench.driver.person("ana")
    file = ana.upload(name, HTML)

    answer = page_file(bench, file, ana.id)

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    picture = page_file(bench, ana.upload("anything", PNG), ana.id)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"].startswith("inline")
    # Another sandbox at this address may have another file of the same name.
    assert "no-cache" in picture.headers["cache-control"]


def test_a_deleted_file_leaves_a_tombstone(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    file = client.files_upload_v2(channel=str(ops), filename="a.txt", content="abc")["file"]["id"]
    hers = ana.upload("hers.txt", b"abc")
    ana.say(ops, "", files=[hers])

    assert [each["id"] for each in client.files_list()["files"]] == [hers, file]
    assert [each["id"] for each in client.files_list(user=ana.id)["files"]] == [hers]
    assert refused(client.files_delete, file=hers) == "cant_delete_file"
    client.files_delete(file=file)

    assert driver.messages(ops)[-2].raw["files"] == [{"id": file, "mode": "tombstone"}]
    assert refused(client.files_info, file=file) == "file_not_found"
    assert driver.until(lambda: bench.heard("file_deleted"))[0]["file_id"] == file


def test_blocks_show_only_pictures_that_are_here(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    graph = client.files_upload_v2(filename="graph.png", content=PNG)["file"]
    text = client.files_upload_v2(filename="a.txt", content="abc")["file"]

    def post(**slack_file: str) -> Any:  # noqa: ANN401 - the client's answer
        image = {"type": "image", "slack_file": slack_file, "alt_text": "A graph"}
        return client.chat_postMessage(channel=str(ops), text="The graph", blocks=[image])

    assert post(id=graph["id"])["ok"]
    assert post(url=graph["url_private"])["ok"]
    assert refused(post, id="F0NOWHERE") == "invalid_blocks"
    assert refused(post, id=text["id"]) == "invalid_blocks"
    # Ana sees it in the app's block, though no message shares it.
    assert page_file(bench, graph["id"], ana.id).content == PNG


def test_a_picture_is_known_by_its_bytes() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x02\x00\x03rest"

    assert picture(PNG) == Picture("image/png", 1, 1)
    assert picture(b"GIF89a\x02\x00\x03\x00") == Picture("image/gif", 2, 3)
    assert picture(jpeg) == Picture("image/jpeg", 3, 2)
    assert picture(jpeg[:9]) is None
    assert picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
