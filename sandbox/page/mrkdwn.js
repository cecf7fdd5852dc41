// Slack's markup as nodes; nothing of a message ever becomes HTML by itself.
import { el } from "./dom.js";

const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<![\w_])_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?!\w)/g;

export const unescape = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Return the nodes of a mrkdwn text; `names` gives people and channels by id. */
export function mrkdwn(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(unescape(text.slice(end, match.index)), token(match, names));
    end = match.index + match[0].length;
  }
  nodes.push(unescape(text.slice(end)));
  return nodes;
}

function token([, pre, code, live, bold, italic, struck], names) {
  if (pre !== undefined) return el("pre", {}, unescape(pre));
  if (code !== undefined) return el("code", {}, unescape(code));
  if (bold !== undefined) return el("strong", {}, mrkdwn(bold, names));
  if (italic !== undefined) return el("em", {}, mrkdwn(italic, names));
  if (struck !== undefined) return el("s", {}, mrkdwn(struck, names));
  return reference(live, names);
}

export function reference(live, names) {
  const [what, label] = live.split("|", 2);
  if (what.startsWith("@")) return el("span", { class: "mention" }, `@${names.user(what.slice(1))}`);
  if (what.startsWith("#")) return el("span", { class: "mention" }, `#${names.channel(what.slice(1))}`);
  if (what.startsWith("!date^")) return date(what, label);
  if (what.startsWith("!")) return el("span", { class: "mention" }, unescape(label ?? `@${what.slice(1)}`));
  return el("a", { href: safe(what), rel: "noreferrer", target: "_blank" }, unescape(label ?? what));
}

const safe = (address) => (/^(https?|mailto):/.test(address) ? unescape(address) : "#");

const STYLES = {
  "{date}": { dateStyle: "long" },
  "{date_pretty}": { dateStyle: "long" },
  "{date_short}": { dateStyle: "medium" },
  "{date_short_pretty}": { dateStyle: "medium" },
  "{date_long}": { dateStyle: "full" },
  "{date_long_pretty}": { dateStyle: "full" },
  "{date_num}": { dateStyle: "short" },
  "{time}": { timeStyle: "short" },
  "{time_secs}": { timeStyle: "medium" },
};

function date(what, fallback) {
  const [, seconds, format] = what.split("^");
  const moment = new Date(Number(seconds) * 1000);
  const text = format.replace(/\{\w+\}/g, (part) =>
    STYLES[part] ? new Intl.DateTimeFormat(undefined, STYLES[part]).format(moment) : part,
  );
  return el("time", { datetime: moment.toISOString(), title: unescape(fallback ?? "") }, unescape(text));
}
