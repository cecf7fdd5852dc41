"""`opslore listen`: what a team's own history holds, read from a Slack export on this machine."""
