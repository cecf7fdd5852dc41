"""action_id, block_id and callback_id: the names that templates and listeners share."""

from typing import Final

# callback_id of views and of the shortcut
RECORD_SHORTCUT: Final = "record_this_thread"
ENTRY_FORM: Final = "entry_form"
USE_FORM: Final = "use_form"
OWNER_FORM: Final = "owner_form"
REASON_FORM: Final = "reason_form"
DIGEST_SETTINGS: Final = "digest_settings"
WORKSPACE_SETTINGS: Final = "workspace_settings"
REDACT_FORM: Final = "redact_form"
REVIEW_FORM: Final = "review_form"

# the entry form
KIND: Final = "kind"
ADD_LEVEL: Final = "add_level"
UPDATE_INSTEAD: Final = "update_instead"
RAISES: Final = "raises"
HANDS_OVER: Final = "hands_over"
NOTE: Final = "note"
EFFECT: Final = "effect"

# a prompt, and the offer after a mention or a reaction
PROMPT_RECORD: Final = "prompt_record"
PROMPT_DISMISS: Final = "prompt_dismiss"
PROMPT_MUTE: Final = "prompt_mute"
PROMPT_USE: Final = "prompt_use"
PROMPT_OPEN: Final = "prompt_open"
PROMPT_HELPED: Final = "prompt_helped"
PROMPT_NOT_THIS: Final = "prompt_not_this"
PROMPT_ELSEWHERE: Final = "prompt_elsewhere"
ELSEWHERE_FORM: Final = "elsewhere_form"
PERSON: Final = "person"
RECORD_THREAD: Final = "record_thread"
RECORD_NEW: Final = "record_new"

# the answer to a question
ASK_PERSON: Final = "ask_person"

# an entry's card
USE_ENTRY: Final = "use_entry"
OPEN_ENTRY: Final = "open_entry"
EDIT_ENTRY: Final = "edit_entry"
SHOW_HISTORY: Final = "show_history"
CERTIFY_ENTRY: Final = "certify_entry"
CERTIFY_CARD: Final = "certify_card"
CHANGE_ENTRY: Final = "change_entry"
ASK_ENTRY: Final = "ask_entry"
TAKE_OVER: Final = "take_over"
RETIRE_ENTRY: Final = "retire_entry"

# a proposal
APPROVE: Final = "approve"
REQUEST_CHANGES: Final = "request_changes"
VIEW_PROPOSAL: Final = "view_proposal"
REVISE: Final = "revise"
WITHDRAW: Final = "withdraw"
CHANGES_FORM: Final = "changes_form"
COMMENT: Final = "comment"

# the history of an entry, and the menu of one revision in it
HISTORY_OLDER: Final = "history_older"
HISTORY_NEWER: Final = "history_newer"
REVISION_MENU: Final = "revision_menu"

# a page of `/lore list`
LIST_BACK: Final = "list_back"
LIST_NEXT: Final = "list_next"

# the form after `Use it`
OUTCOME: Final = "outcome"

# gaps and the digest
GAP_RECORD: Final = "path_record"
GAP_DISMISS: Final = "path_dismiss"
GAP_REOPEN: Final = "path_reopen"
GAP_MENU: Final = "gap_menu"
GAP_FORM: Final = "gap_form"
TITLE: Final = "title"
OTHER_GAP: Final = "other_gap"
SPLIT_THREAD: Final = "thread"
LINE_RECORD: Final = "line_record"
LINE_DISMISS: Final = "line_dismiss"
LINE_REOPEN: Final = "line_reopen"
LINE_CERTIFY: Final = "line_certify"
LINE_CHANGE: Final = "line_change"
LINE_EDIT: Final = "line_edit"
LINE_RETIRE: Final = "line_retire"
LINE_SNOOZE: Final = "line_snooze"
LINE_TAKE_OVER: Final = "line_take_over"
LINE_ASSIGN: Final = "line_assign"
LINE_REVIEW: Final = "line_review"
OWNER: Final = "owner"

# a transfer
TRANSFER: Final = "transfer"
APPROVE_TRANSFER: Final = "approve_transfer"
WITHDRAW_TRANSFER: Final = "withdraw_transfer"

# a nudge
NUDGE_SNOOZE: Final = "nudge_snooze"
NUDGE_NEVER: Final = "nudge_never"

# App Home and help
HOME_SEARCH: Final = "home_search"
HOME_DRAFT: Final = "home_draft"
DRAFT_DISCARD: Final = "draft_discard"
SHOW_GAPS: Final = "show_gaps"

# redacting a text
TEXT: Final = "text"
WHERE: Final = "where"
WHY: Final = "why"

# settings
WEEKDAY: Final = "weekday"
TIME: Final = "time"
TIMEZONE: Final = "timezone"
PERSON_BUDGET: Final = "person_budget"
CHANNEL_BUDGET: Final = "channel_budget"
PROMPT_RATE: Final = "prompt_rate"
BACKUP_AFTER: Final = "backup_after"
HOLIDAYS: Final = "holidays"
REVIEW: Final = "review"
APPROVALS: Final = "approvals"
SELF_APPROVAL: Final = "self_approval"
