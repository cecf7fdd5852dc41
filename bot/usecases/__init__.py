"""The use cases: one function per thing that people and agents can do, without Slack or SQL."""
