"""Slack messages and modals as JSON with Jinja, one file each; `_blocks.json.j2` has the macros."""
