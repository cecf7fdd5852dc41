"""Permalinks, built here because asking Slack for each message would exceed its limits."""

from dataclasses import dataclass


def redirect_link(team: str, channel: str, ts: str) -> str:
    """Return a link to a message that doesn't need the address of its workspace."""
    return f"https://slack.com/app_redirect?team={team}&channel={channel}&message_ts={ts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Builds permalinks from a workspace's address in `auth.test`: `https://acme.slack.com/`."""

    url: str

    def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        """Return the link of a message, in the form of `chat.getPermalink`."""
        link = f"{self.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
        if thread_ts and thread_ts != ts:
            link += f"?thread_ts={thread_ts}&cid={channel}"
        return link
