// How far a person has read the channel before them, and where what is new to them begins.
import { act } from "../acts.js";
import { useEffect, useRef, useState } from "../ui.js";

let marked = null;

/** Read nothing of a channel from now on, for it is about to be marked unread. */
export function leaveUnread(channel) {
  marked = channel;
}

/** Note what is read as it comes into view; return the ts after which all is new, null where nothing is. */
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
    // Someone marked it unread, and it stays so until they leave and come back.
    held.current = true;
    since.current = channel.read;
  } else if (!looks && channel.unread && since.current === null) since.current = channel.read;
  known.current = channel.read;
  useEffect(() => {
    if (last && looks && !held.current && last > channel.read) act("page.read", { user: me, channel: channel.id, ts: last });
  }, [last, looks, channel.unread]);
  return since.current;
}
