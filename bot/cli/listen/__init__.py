"""`opslore listen`: read a Slack export on this machine, and report the matters that came back."""
