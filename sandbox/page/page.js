// A person at a workspace: who, where, what they read and what they do.
import { act, el } from "./dom.js";
import { draw } from "./blocks.js";
import { mrkdwn } from "./mrkdwn.js";

const $ = (id) => document.getElementById(id);
const here = { user: null, channel: null, thread: null, home: false };
let state = null;
let drawn = "";

const names = {
  user: (id) => state.people.find((each) => each.id === id)?.name ?? id,
  channel: (id) => state.channels.find((each) => each.id === id)?.name ?? id,
  people: () => state.people.filter((each) => !each.deleted && each.id !== "USLACKBOT"),
  channels: () => state.channels.filter((each) => !each.is_im),
};

/** Do something, say it if it can not be done, and look again. */
async function perform(verb, args) {
  let found = null;
  try {
    found = await act(verb, args);
    if (found?.error) notice(`${state.app} did not answer in time (${found.error}).`);
    if (found?.[""]) notice(found[""]);
  } catch (error) {
    notice(error.message);
  }
  await look();
  return found;
}

let hush = 0;
function notice(words) {
  $("notice").textContent = words;
  clearTimeout(hush);
  hush = setTimeout(() => ($("notice").textContent = ""), 6000);
}

async function look() {
  const found = await act("page.state", { user: here.user, channel: here.channel });
  const person = found.people.find((each) => !each.is_bot && !each.deleted && each.id !== "USLACKBOT");
  if (!here.user && person) {
    here.user = person.id;
    return look();
  }
  const place = found.channels.find((each) => !each.is_im);
  if (!here.channel && !here.home && place) {
    here.channel = place.id;
    return look();
  }
  const now = JSON.stringify([found, here]);
  if (now === drawn) return undefined;
  drawn = now;
  state = found;
  return show();
}

function show() {
  showSide();
  showTop();
  const roots = state.messages.filter(isRoot);
  const list = $("messages");
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.replaceChildren(...(here.home ? home() : roots.map(message)));
  if (low) list.scrollTop = list.scrollHeight;
  $("composer").hidden = here.home || !here.channel;
  showThread();
  showModal();
}

const isRoot = (each) =>
  !each.raw.thread_ts || each.raw.thread_ts === each.raw.ts || each.raw.subtype === "thread_broadcast";

function showSide() {
  const person = el(
    "select",
    { "aria-label": "You are", onchange: (event) => go({ user: event.target.value, thread: null }) },
    names.people().filter((each) => !each.is_bot).map((each) => el("option", { value: each.id, selected: each.id === here.user }, each.name)),
  );
  const link = (label, where, on) => el("button", { type: "button", class: on ? "here" : null, onclick: () => go(where) }, label);
  const spot = (each) => link(label(each), { channel: each.id, home: false, thread: null }, each.id === here.channel && !here.home);
  $("side").replaceChildren(
    el("h1", {}, "Sandbox"),
    el("label", {}, "You are ", person),
    el("button", { type: "button", class: "add", onclick: addPerson }, "+ Person"),
    el("h2", {}, "Channels"),
    ...state.channels.filter((each) => !each.is_im).map(spot),
    el("button", { type: "button", class: "add", onclick: addChannel }, "+ Channel"),
    el("h2", {}, "Apps"),
    ...state.channels.filter((each) => each.is_im && each.user === here.user).map(spot),
    state.home_tab ? link(`${state.app}: Home`, { home: true, thread: null }, here.home) : "",
  );
}

const label = (each) => (each.is_im ? `${state.app}: Messages` : `${each.is_private ? "🔒" : "#"} ${each.name}`);

async function go(where) {
  Object.assign(here, where);
  if (here.home) await act("clicks.home", { user: here.user }).catch((error) => notice(error.message));
  await look();
}

async function addPerson() {
  const name = window.prompt("Name of the new person, in lower case");
  if (name) await perform("places.person", { name });
}

async function addChannel() {
  const name = window.prompt("Name of the new channel; begin with a lock 🔒 or ! for a private one");
  if (!name) return;
  const args = { name: name.replace(/^[!🔒#\s]+/u, ""), private: /^[!🔒]/u.test(name), members: [here.user] };
  const made = await perform("places.channel", args);
  if (made) await go({ channel: made.id, home: false });
}

function showTop() {
  const channel = state.channels.find((each) => each.id === here.channel);
  if (here.home || !channel) return $("top").replaceChildren(el("h2", {}, here.home ? `${state.app}` : "No channel yet"));
  const mine = channel.members.includes(here.user);
  const doing = (words, verb, args) => el("button", { type: "button", onclick: () => perform(verb, { channel: channel.id, ...args }) }, words);
  const members = channel.members.map(names.user).join(", ");
  const buttons = channel.is_im
    ? []
    : [
        mine ? null : doing("Join", "places.invite", { user: here.user }),
        channel.is_member ? doing(`Remove ${state.app}`, "places.leave", { user: state.bot }) : doing(`Invite ${state.app}`, "places.invite", { user: state.bot, by: here.user }),
        el("button", { type: "button", onclick: () => invite(channel) }, "Invite…"),
      ];
  return $("top").replaceChildren(el("h2", { title: members }, label(channel)), el("small", {}, members), el("span", { class: "actions" }, buttons));
}

async function invite(channel) {
  const name = window.prompt("Whom?");
  if (name) await perform("places.invite", { channel: channel.id, user: name, by: here.user });
}

/** Where a message or view is, for what is drawn in it. */
const inMessage = (each) => ({
  names,
  use: (block, element, choice) => {
    const what = `${block.block_id}/${element.action_id}`;
    const args = { user: here.user, what, channel: each.channel, ts: each.raw.ts };
    return element.type === "button" ? perform("clicks.press", args) : perform("clicks.select", { ...args, choice });
  },
});

const inView = (view) => ({
  names,
  values: view.raw.state.values,
  errors: view.errors,
  use: (block, element, choice) => {
    const what = `${block.block_id}/${element.action_id}`;
    const args = { view: view.raw.id };
    return element.type === "button" ? perform("forms.press", { ...args, what }) : perform("forms.choose", { ...args, label: what, choice });
  },
  suggest: (block, element, typed) =>
    act("forms.options", { view: view.raw.id, label: `${block.block_id}/${element.action_id}`, typed }).catch(() => []),
});

function message(each) {
  const { raw } = each;
  const at = inMessage(each);
  const time = new Date(Number(raw.ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const replies = raw.reply_count ? el("button", { type: "button", class: "replies", onclick: () => go({ thread: raw.ts }) }, `${raw.reply_count} replies`) : null;
  const reactions = (raw.reactions ?? []).map((one) => el("span", { class: "reaction", title: one.users.map(names.user).join(", ") }, `:${one.name}: ${one.count}`));
  return el(
    "article",
    { class: each.to ? "only" : null },
    each.to ? el("small", {}, "Only visible to you") : null,
    el("p", { class: "who" }, el("b", {}, names.user(raw.user)), raw.bot_id ? el("small", { class: "app" }, "APP") : null, el("time", {}, time), raw.edited ? el("small", {}, "(edited)") : null),
    raw.blocks?.length ? draw(raw.blocks, at) : el("div", { class: "text" }, mrkdwn(raw.text, names)),
    (raw.attachments ?? []).map((one) => el("div", { class: "attachment" }, draw(one.blocks ?? [], at))),
    reactions,
    replies,
    each.to ? null : menu(each),
  );
}

function menu(each) {
  const { raw, channel } = each;
  const one = { channel, ts: raw.ts };
  const doing = (words, what) => el("button", { type: "button", onclick: what }, words);
  const react = () => {
    const name = window.prompt("Reaction", "scroll");
    return name && perform("talk.react", { user: here.user, ...one, name });
  };
  const edit = () => {
    const words = window.prompt("Edit", raw.text);
    return words && perform("talk.edit", { user: here.user, ...one, text: words });
  };
  const own = raw.user === here.user;
  return el(
    "span",
    { class: "menu" },
    doing("Reply", () => go({ thread: raw.thread_ts ?? raw.ts })),
    doing("React", react),
    state.shortcuts.map((name) => doing(name, () => perform("clicks.shortcut", { user: here.user, name, ...one }))),
    own ? doing("Edit", edit) : null,
    own ? doing("Delete", () => perform("talk.delete", { user: here.user, ...one })) : null,
  );
}

function showThread() {
  const pane = $("thread");
  const inside = (each) => each.raw.ts === here.thread || each.raw.thread_ts === here.thread;
  pane.hidden = !here.thread;
  if (!here.thread) return pane.replaceChildren();
  const kept = pane.querySelector("input")?.value ?? "";
  const focused = pane.contains(document.activeElement);
  const line = el("input", { "aria-label": "Reply" });
  line.value = kept;
  const send = (event) => {
    event.preventDefault();
    const words = line.value;
    line.value = "";
    return perform("talk.say", { user: here.user, channel: here.channel, text: words, thread: here.thread });
  };
  pane.replaceChildren(
    el("header", {}, el("h2", {}, "Thread"), el("button", { type: "button", onclick: () => go({ thread: null }) }, "Close")),
    ...state.messages.filter(inside).map(message),
    el("form", { onsubmit: send, autocomplete: "off" }, line, el("button", {}, "Reply")),
  );
  return focused ? line.focus() : undefined;
}

function home() {
  return state.home ? [el("article", {}, draw(state.home.raw.blocks, inView(state.home)))] : [el("p", {}, "Nothing here yet.")];
}

let shownModal = "";
function showModal() {
  const dialog = $("modal");
  const view = state.modal;
  const now = JSON.stringify(view);
  if (now === shownModal) return;
  shownModal = now;
  if (!view) {
    dialog.close();
    return;
  }
  const focus = dialog.contains(document.activeElement) ? [...dialog.querySelectorAll("input,select,textarea,button")].indexOf(document.activeElement) : -1;
  const { raw } = view;
  const submit = async (event) => {
    event.preventDefault();
    await settled();
    await perform("forms.submit", { view: raw.id });
  };
  dialog.replaceChildren(
    el(
      "form",
      { onsubmit: submit, novalidate: true },
      el("h2", {}, raw.title.text),
      draw(raw.blocks, inView(view)),
      el(
        "footer",
        { class: "actions" },
        el("button", { type: "button", onclick: () => perform("forms.close", { view: raw.id }) }, raw.close?.text ?? "Cancel"),
        raw.submit ? el("button", { class: "primary" }, raw.submit.text) : null,
      ),
    ),
  );
  if (!dialog.open) dialog.showModal();
  if (focus >= 0) dialog.querySelectorAll("input,select,textarea,button")[focus]?.focus();
}

/** Wait until what was typed last has reached the workspace: a change event came before the submit. */
const settled = () => new Promise((done) => setTimeout(done, 100));

$("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  if (state.modal) perform("forms.close", { view: state.modal.raw.id });
});

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = $("line").value.trim();
  if (!words) return;
  $("line").value = "";
  const place = { user: here.user, channel: here.channel };
  const command = state.commands.includes(words.split(/\s/, 1)[0]);
  await (command ? perform("clicks.slash", { ...place, line: words }) : perform("talk.say", { ...place, text: words }));
});

/** Look for as long as the page is open; a workspace that is gone is looked for again. */
async function watch() {
  try {
    await look();
  } catch {
    notice("The sandbox does not answer.");
  }
  setTimeout(watch, 700);
}

watch();
