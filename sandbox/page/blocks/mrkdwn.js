// Slack's markup as elements; nothing of a message ever becomes HTML by itself.
import { go } from "../store.js";
import { address, ofPermalink } from "../place.js";
import { current } from "../store.js";
import { format } from "../times.js";
import { html } from "../ui.js";

const TOKEN = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<![\w_])_([^_\n]+)_(?!\w)|(?<![\w~])~([^~\n]+)~(?!\w)/g;

export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Return the words of a plain_text object. */
export const plain = (given) => unescape(given?.text ?? "");

/** Return the elements of a text object. */
export const text = (given, names) => (given.type === "mrkdwn" ? mrkdwn(given.text, names) : plain(given));

/** Return the elements of a mrkdwn text; `names` gives people and channels by id. */
export function mrkdwn(words, names) {
  const found = [];
  let end = 0;
  for (const match of words.matchAll(TOKEN)) {
    found.push(unescape(words.slice(end, match.index)), token(match, names));
    end = match.index + match[0].length;
  }
  found.push(unescape(words.slice(end)));
  return found;
}

function token([, pre, code, live, bold, italic, struck], names) {
  if (pre !== undefined) return html`<pre>${unescape(pre)}</pre>`;
  if (code !== undefined) return html`<code>${unescape(code)}</code>`;
  if (bold !== undefined) return html`<strong>${mrkdwn(bold, names)}</strong>`;
  if (italic !== undefined) return html`<em>${mrkdwn(italic, names)}</em>`;
  if (struck !== undefined) return html`<s>${mrkdwn(struck, names)}</s>`;
  return reference(live, names);
}

/** Return what stands for `<…>`: a person, a channel, a date or a link. */
export function reference(live, names) {
  const [what, label] = live.split("|", 2);
  if (what.startsWith("@")) return html`<span class="mention">@${names.user(what.slice(1))}</span>`;
  if (what.startsWith("#")) return html`<span class="mention">#${names.channel(what.slice(1))}</span>`;
  if (what.startsWith("!date^")) return date(what, label, names);
  if (what.startsWith("!")) return html`<span class="mention">${unescape(label ?? `@${what.slice(1)}`)}</span>`;
  return link(unescape(what), unescape(label ?? what));
}

/** Return a link; one to a message of this workspace leads there in the page. */
export function link(url, words) {
  const inside = ofPermalink(url);
  if (inside) {
    const jump = (event) => {
      event.preventDefault();
      go(inside);
    };
    return html`<a href=${address({ ...current().place, ...inside })} onClick=${jump}>${words}</a>`;
  }
  return html`<a href=${/^(https?|mailto):/.test(url) ? url : "#"} rel="noreferrer" target="_blank">${words}</a>`;
}

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

function date(what, fallback, names) {
  const [, seconds, pattern] = what.split("^");
  const at = new Date(Number(seconds) * 1000);
  const words = pattern.replace(/\{\w+\}/g, (part) => (STYLES[part] ? format(names.zone, STYLES[part]).format(at) : part));
  return html`<time datetime=${at.toISOString()} title=${unescape(fallback ?? "")}>${unescape(words)}</time>`;
}
