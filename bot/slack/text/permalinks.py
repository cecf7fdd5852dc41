"""Permalinks, made and not asked for: a path counts more messages than Slack may be asked about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The address of a workspace, from `auth.test`: `https://acme.slack.com/`."""

    url: str

    def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        """The link of a message, in the form that `chat.getPermalink` answers with."""
        link = f"{self.url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
        if thread_ts and thread_ts != ts:
            link += f"?thread_ts={thread_ts}&cid={channel}"
        return link
