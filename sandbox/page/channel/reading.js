// @ts-check
// How far a person has read the open channel, and where the new messages begin.
/** @import * as T from "../types.js" */
import { act } from "../acts.js";
import { useEffect, useRef, useState } from "../ui.js";

/** @type {string | null} */
let marked = null;

/**
 * Stop marking a channel as read, because the person is about to mark it unread.
 * @param {string} channel
 */
export function leaveUnread(channel) {
  marked = channel;
}

/**
 * Mark messages as read when they come into view. Returns the ts after which all are new, or null.
 * @param {{ me: string, channel: T.Channel, last?: string, atEnd: boolean }} props
 */
export function useReading({ me, channel, last, atEnd }) {
  const [visible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const turned = () => setVisible(!document.hidden);
    document.addEventListener("visibilitychange", turned);
    return () => document.removeEventListener("visibilitychange", turned);
  }, []);
  const looks = visible && atEnd;
  const since = useRef(channel.unread ? channel.read : null);
  const known = useRef(channel.read);
  const held = useRef(false);
  if (marked === channel.id) {
    held.current = true;
    marked = null;
  }
  if (channel.read < known.current) {
    // The person marked it unread. It stays unread until they leave the channel and return.
    held.current = true;
    since.current = channel.read;
  } else if (!looks && channel.unread && since.current === null) since.current = channel.read;
  known.current = channel.read;
  useEffect(() => {
    if (last && looks && !held.current && last > channel.read)
      act("page.read", { user: me, channel: channel.id, ts: last });
  }, [last, looks, channel.unread]);
  return since.current;
}
