"""People and channels: switching, adding, inviting, joining, leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.persons import PersonDriver
from tests.page.conftest import Visit
from tests.support.sandbox_sample import Bench


@pytest.fixture
def ana(bench: Bench) -> PersonDriver:
    return bench.driver.person("ana", tz="Europe/Berlin", admin=True)


def test_one_becomes_someone_else_by_searching(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    driver = bench.driver
    people = [driver.person(f"person{number}", tz="UTC") for number in range(12)]
    tom = driver.person("tom", tz="Asia/Tokyo", guest=True)
    ops = driver.channel("ops", members=[ana, tom, *people])
    window = visit("?as=ana&in=ops")
    expect(window.get_by_role("textbox", name="Message #ops")).to_be_visible()
    ana.say(ops, "@tom, are you there?")

    window.get_by_role("button", name="Switch person").click()
    search = window.get_by_role("combobox", name="Search people")
    expect(search).to_be_focused()
    search.press_sequentially("tok")
    found = window.get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("guest · Tokyo")
    expect(found).to_contain_text("1 mentions")
    search.press("Enter")

    expect(window.get_by_role("button", name="You are tom")).to_be_visible()
    expect(window.get_by_role("dialog")).to_have_count(0)


def test_a_person_is_added_with_zone_and_kind(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    window.get_by_role("button", name="Add a person").click()
    form = window.get_by_role("dialog", name="Add a person")
    form.get_by_label("Name").fill("ana")
    form.get_by_label("Time zone").select_option("Asia/Tokyo")
    form.get_by_label("Kind of account").select_option("guest")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text("already someone called ana.")
    form.get_by_label("Name").fill("yuki")
    form.get_by_role("button", name="Add").click()

    expect(window.get_by_role("button", name="You are yuki")).to_contain_text("guest · Tokyo")
    yuki = next(each for each in bench.driver.do("places.people") if each["name"] == "yuki")
    assert (yuki["tz"], yuki["is_restricted"]) == ("Asia/Tokyo", True)
    expect(window.get_by_text("yuki can't see any channel.")).to_be_visible()


def test_a_private_channel_is_made_with_the_app_in_it(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    driver = bench.driver
    driver.person("ben")
    ops = driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    window.get_by_role("button", name="Create a channel").click()
    form = window.get_by_role("dialog", name="Create a channel")
    form.get_by_label("Name").press_sequentially("War room")
    expect(form.get_by_label("Name")).to_have_value("war-room")
    expect(form.get_by_label("Public")).to_be_checked()
    form.get_by_label("Private").check()
    # Changes during the edit don't undo it.
    ana.say(ops, "we need a room")
    expect(window.get_by_text("we need a room")).to_be_attached()
    form.get_by_label("Invite Sample at once").check()
    form.get_by_role("button", name="Create").click()

    expect(window.get_by_role("textbox", name="Message #war-room")).to_be_visible()
    made = next(each for each in driver.channels() if each["name"] == "war-room")
    assert made["is_private"]
    assert driver.workspace()["bot_user_id"] in made["members"]
    his = visit("?as=ben&in=ops")
    expect(his.get_by_role("heading", name="ops")).to_be_visible()
    expect(his.get_by_text("war-room")).to_have_count(0)
    his.goto(his.url.split("?")[0] + f"?as=ben&in={made['id']}&thread=1.2&at=1.2")
    expect(his.get_by_role("status")).to_contain_text(
        "This channel doesn't exist, or you can't see it."
    )
    expect(his.get_by_role("complementary", name="Thread")).to_have_count(0)


def test_channels_are_browsed_joined_and_left(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    driver = bench.driver
    driver.channel("ops", members=[ana])
    random = driver.channel("random", members=[driver.person("ben")])
    old = driver.channel("old", members=["ben"])
    driver.archive(old)
    window = visit("?as=ana&in=ops")
    bar = window.get_by_role("navigation", name="Workspace")
    expect(bar.get_by_role("button", name="random")).to_have_count(0)

    window.get_by_role("button", name="Browse channels").click()
    listed = window.get_by_role("dialog", name="Channels")
    expect(listed.get_by_role("listitem").filter(has_text="old")).to_contain_text("archived")
    listed.get_by_role("button", name="Join #random").click()
    expect(listed.get_by_role("button", name="Leave #random")).to_be_visible()
    listed.get_by_role("button", name="Close").click()

    expect(bar.get_by_role("button", name="random")).to_be_visible()
    bar.get_by_role("button", name="random").click()
    window.get_by_role("button", name="Channel actions").click()
    window.get_by_role("menuitem", name="Leave channel").click()
    expect(window.get_by_role("button", name="Join")).to_be_visible()
    members = next(each for each in driver.channels() if each["id"] == random.id)["members"]
    assert ana.id not in members


def test_a_public_channel_is_made_private_from_its_menu(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    window.get_by_role("button", name="Channel actions").click()
    window.get_by_role("menuitem", name="Make private…").click()
    window.get_by_role("button", name="Make private").click()

    expect(window.get_by_text("made this channel")).to_be_visible()
    assert bench.driver.channels()[0]["is_private"]
    window.get_by_role("button", name="Channel actions").click()
    expect(window.get_by_role("menuitem", name="Members…")).to_be_visible()
    expect(window.get_by_role("menuitem", name="Make private…")).to_have_count(0)


def test_people_and_the_app_are_invited_and_removed(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    ben = bench.driver.person("ben")
    bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    window.get_by_role("button", name="1 member").click()
    dialog = window.get_by_role("dialog", name="ops")
    dialog.get_by_role("button", name="Invite Sample").click()
    dialog.get_by_role("button", name="Invite ben").click()
    expect(dialog.get_by_role("heading", name="In this channel (3)")).to_be_visible()
    dialog.get_by_role("button", name="Remove ben").click()
    expect(dialog.get_by_role("button", name="Invite ben")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()

    expect(window.get_by_role("article", name="ben").last).to_contain_text("left the channel")
    bench.driver.until(lambda: len(bench.heard("member_joined_channel")) == 2)
    joined = bench.heard("member_joined_channel")
    assert [event["inviter"] for event in joined] == [ana.id, ana.id]
    assert joined[-1]["user"] == ben.id


def test_the_apps_home_and_messages_stand_under_its_name(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    bench.driver.channel("ops", members=[ana])
    window = visit("?as=ana&in=ops")

    window.get_by_role("navigation", name="Workspace").get_by_role("button", name="Sample").click()
    expect(window.get_by_text("Welcome home")).to_be_visible()
    tabs = window.get_by_role("navigation", name="Sample")
    tabs.get_by_role("button", name="Messages").click()
    window.get_by_role("textbox", name="Message Sample").fill("hello, app")
    window.keyboard.press("Enter")

    expect(window.get_by_role("article", name="ana")).to_contain_text("hello, app")
    expect(tabs.get_by_role("button", name="Messages")).to_have_attribute("aria-current", "page")
    bench.client.chat_postMessage(channel=ana.id, text="hello, ana")
    expect(window.get_by_role("article", name="sample")).to_contain_text("hello, ana")


def test_the_page_is_of_use_on_a_narrow_screen(
    bench: Bench, visit: Visit, ana: PersonDriver
) -> None:
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.channel("random", members=[ana])
    root = ana.say(ops, "where it began")
    ana.say(ops, "the answer", thread=root)
    window = visit("?as=ana&in=ops", viewport={"width": 380, "height": 700})

    window.get_by_role("button", name="1 reply").click()
    thread = window.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("the answer")).to_be_in_viewport()
    thread.get_by_role("button", name="Close thread").click()
    window.get_by_role("button", name="Open the side bar").click()
    window.get_by_role("button", name="random").click()

    expect(window.get_by_role("textbox", name="Message #random")).to_be_in_viewport(ratio=1)
    expect(window.get_by_role("navigation", name="Workspace")).to_be_hidden()
    wide = window.evaluate("document.documentElement.scrollWidth")
    assert wide == 380
