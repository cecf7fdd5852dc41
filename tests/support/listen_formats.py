"""The formats that `opslore listen` writes, as JSON schemas: docs/listen.md describes them."""

ACT = {"enum": ["decision", "escalation", "handoff", "question", "report", "none"]}
KEY = {"type": "string", "pattern": "^(DEC|HND|ESC)-[0-9]+$"}
CHANNEL = {"type": "string", "minLength": 1}
TIMESTAMP = {"type": "string", "pattern": r"^[0-9]{10}\.[0-9]{6}$"}
ID = {"type": ["integer", "string"]}
PERSON = {"type": "string", "pattern": "^U0"}
MESSAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["channel", "ts", "act", "score", "scores", "gap", "covered_by", "prompt"],
    "properties": {
        "channel": CHANNEL,
        "ts": TIMESTAMP,
        "act": ACT,
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "scores": {
            "type": "object",
            "propertyNames": ACT,
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "gap": {"anyOf": [ID, {"type": "null"}]},
        "covered_by": {"anyOf": [KEY, {"type": "null"}]},
        "prompt": {
            "anyOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["to", "kind", "entry", "gap"],
                    "properties": {
                        "to": PERSON,
                        "kind": {"enum": ["decision", "escalation", "handoff"]},
                        "entry": {"anyOf": [KEY, {"type": "null"}]},
                        "gap": {"anyOf": [ID, {"type": "null"}]},
                    },
                },
            ]
        },
    },
}
GAP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["gap_summary", "title", "threads", "answerer", "draft"],
    "properties": {
        "gap_summary": ID,
        "title": {"type": "string", "minLength": 1},
        "threads": {
            "type": "array",
            "minItems": 2,
            "items": {
                "type": "array",
                "prefixItems": [CHANNEL, TIMESTAMP],
                "minItems": 2,
                "maxItems": 2,
            },
        },
        "answerer": {"anyOf": [PERSON, {"type": "null"}]},
        "draft": {
            "type": "object",
            "additionalProperties": False,
            "required": ["title", "trigger", "rule", "owner"],
            "properties": {
                "title": {"type": "string"},
                "trigger": {"type": "string"},
                "rule": {"type": "string"},
                "owner": {"anyOf": [PERSON, {"type": "null"}]},
            },
        },
    },
}
SEARCH = {
    "type": "object",
    "additionalProperties": False,
    "required": ["q", "results"],
    "properties": {
        "q": {"type": "string"},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["key", "score"],
                "properties": {"key": KEY, "score": {"type": "number"}},
            },
        },
    },
}
