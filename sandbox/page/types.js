// @ts-check
// The shapes that the page works with: its state, what the sandbox sends, and Block Kit.
// There is no code here, only types for the other modules.

/** @import { ComponentChildren, ComponentType } from "preact" */

/** @typedef {ComponentChildren} Drawn What a function that draws returns. */

/**
 * JSON whose fields differ from case to case: Slack's own objects, and arguments of acts.
 * @typedef {Record<string, any>} Json
 */

/**
 * A ref to an element that is there whenever an effect or a handler runs.
 * @template {Element} [E=HTMLElement]
 * @typedef {{ current: E }} Ref
 */

/**
 * An event of a field, with the field.
 * @template {Element} [E=HTMLInputElement]
 * @typedef {Event & { currentTarget: E }} FieldEvent
 */

/**
 * A key pressed in an element, with the element.
 * @template {Element} [E=HTMLElement]
 * @typedef {KeyboardEvent & { currentTarget: E, target: Element }} KeyEvent
 */

// The workspace.

/**
 * @typedef {Object} Person Slack's user object.
 * @property {string} id
 * @property {string} name
 * @property {string} [real_name]
 * @property {string} [tz]
 * @property {boolean} is_bot
 * @property {boolean} deleted
 * @property {boolean} [is_admin]
 * @property {boolean} [is_restricted]
 * @property {boolean} [is_ultra_restricted]
 * @property {{ real_name: string, display_name: string, bot_id?: string }} profile
 */

/**
 * @typedef {Object} Channel Slack's conversation object, with its members and what is unread.
 * @property {string} id
 * @property {string} name
 * @property {string} [user] The person, in direct messages.
 * @property {boolean} is_im
 * @property {boolean} is_private
 * @property {boolean} is_archived
 * @property {boolean} [is_ext_shared]
 * @property {string[]} members
 * @property {string} read The ts of the last message read.
 * @property {number} unread
 * @property {number} mentions
 */

/** @typedef {{ name: string, hint: string, description: string }} Command */
/** @typedef {{ name: string, kind: "global" | "message", description: string }} Shortcut */

/**
 * @typedef {Object} App The app that is installed.
 * @property {string} name
 * @property {string} bot The id of its bot.
 * @property {string} team
 * @property {string} domain
 * @property {boolean} installed
 * @property {boolean} home_tab
 * @property {boolean} messages_tab
 * @property {boolean} read_only
 * @property {{ id: string, handle: string }[]} usergroups
 * @property {Command[]} commands
 * @property {Shortcut[]} shortcuts
 */

/** @typedef {{ name: string, users: string[], count: number }} Reaction */

/**
 * @typedef {Object} SlackFile Slack's file object.
 * @property {string} id
 * @property {string} name
 * @property {string} title
 * @property {string} filetype
 * @property {string} pretty_type
 * @property {number} size
 * @property {string} [mode] "tombstone" after it was deleted.
 * @property {string} [alt_txt]
 * @property {number} [original_w] The size of a picture, in pixels.
 * @property {number} [original_h]
 */

/**
 * @typedef {Object} RawMessage Slack's message object.
 * @property {string} ts
 * @property {string} user
 * @property {string} text
 * @property {string} [subtype]
 * @property {string} [username]
 * @property {string} [bot_id]
 * @property {string} [thread_ts]
 * @property {number} [reply_count]
 * @property {string[]} [reply_users]
 * @property {string} [latest_reply]
 * @property {{ ts: string }} [edited]
 * @property {Block[]} [blocks]
 * @property {Attachment[]} [attachments]
 * @property {SlackFile[]} [files]
 * @property {Reaction[]} [reactions]
 */

/**
 * @typedef {Object} Message A message as its reader sees it.
 * @property {RawMessage} raw
 * @property {string} channel
 * @property {string | null} to The only reader of an ephemeral message.
 * @property {number} change The number of its last change.
 * @property {Values} [values] What the reader has chosen in it.
 * @property {string} [root] The text of the thread's root, if it was also sent to the channel.
 */

/**
 * @typedef {Object} Attachment
 * @property {number} [id]
 * @property {string} [color]
 * @property {string} [fallback]
 * @property {string} [pretext]
 * @property {Block[]} [blocks]
 * @property {Json[]} [actions]
 * @property {string} [thumb_url]
 * @property {boolean} [is_app_unfurl]
 * @property {string} [app_unfurl_url]
 * @property {string} [author_name]
 * @property {string} [author_link]
 * @property {string} [title]
 * @property {string} [title_link]
 * @property {string} [text]
 * @property {{ title?: string, value?: string, short?: boolean }[]} [fields]
 * @property {string} [image_url]
 * @property {string} [footer]
 * @property {string} [ts]
 */

/**
 * @typedef {Object} RawView Slack's view object.
 * @property {string} id
 * @property {"modal" | "home"} type
 * @property {string} root_view_id
 * @property {TextObject} [title]
 * @property {TextObject} [submit]
 * @property {TextObject} [close]
 * @property {Block[]} blocks
 * @property {{ values: Values }} state
 */

/**
 * @typedef {Object} View A modal or Home tab as its person sees it.
 * @property {RawView} raw
 * @property {number} change
 * @property {Record<string, string>} errors Words beside fields, by block_id.
 */

/** @typedef {{ at?: number, shift?: number }} Clock A set time, or the shift from the machine's. */

/**
 * @typedef {Object} Exchange A row of the API log.
 * @property {number} number
 * @property {number} at
 * @property {boolean} calls Whether the app called; otherwise the app was told.
 * @property {string} title
 * @property {string} says
 * @property {number | null} seconds
 * @property {number} attempts
 * @property {string | null} refusal
 * @property {string} [rule]
 * @property {string} [page]
 */

/**
 * @typedef {Object} ExchangeParts All of one exchange.
 * @property {{ title: string, json: unknown }[]} parts
 * @property {{ words: string, pointer: string | null }[]} faults
 */

// The page.

/**
 * @typedef {Object} Place Where a person is; each part is in the address.
 * @property {string | null} user
 * @property {string | null} channel
 * @property {string | null} tab "home" for the app's Home tab.
 * @property {string | null} thread
 * @property {string | null} at The message to jump to.
 * @property {string | null} drawer
 * @property {string | null} clock
 */

/**
 * @typedef {Object} DialogProps What every dialog of the page is drawn with.
 * @property {State} state
 * @property {Names} names
 * @property {() => void} close
 */

/** @typedef {{ title: string, words: string, yes: string, grave?: boolean }} Question */

/** @typedef {{ words: string, tries: { words: string, place: Partial<Place> }[] }} WelcomeText */

/**
 * A dialog of the page and the properties that it is opened with, which differ from each other.
 * @typedef {{ part: ComponentType<any>, given: Json }} OpenDialog
 */

/**
 * @typedef {Object} State
 * @property {Place} place
 * @property {App} app Missing until the first patch has come; `App` draws nothing before that.
 * @property {Person[]} people
 * @property {Channel[]} channels
 * @property {Map<string, Message>} messages
 * @property {Map<string, Message>} thread
 * @property {number} loaded
 * @property {boolean} older
 * @property {boolean} newer
 * @property {boolean} atLatest
 * @property {number} returns
 * @property {View | null} modal
 * @property {number} depth
 * @property {View | null} home
 * @property {string | null} reader
 * @property {Editing | null} editing
 * @property {OpenDialog | null} dialog
 * @property {boolean} side
 * @property {{ id: number, words: string }[]} notices
 * @property {boolean} connected
 * @property {Clock} [clock]
 * @property {number} [refused]
 * @property {Exchange[]} [traffic]
 * @property {WelcomeText | null} [welcome]
 * @property {Emoji} [emoji]
 */

/** @typedef {{ ts: string, thread: boolean }} Editing */
/** @typedef {Map<string, string>} Emoji Characters by name. */

/**
 * @typedef {Object} Names The look-ups by id, for one reader.
 * @property {Person[]} people
 * @property {Channel[]} channels
 * @property {string} shape
 * @property {App} app
 * @property {Emoji} [emoji]
 * @property {string} me
 * @property {string} [zone]
 * @property {(id: string | undefined) => Person | undefined} person
 * @property {(id: string) => string} user
 * @property {(id: string) => string} channel
 * @property {(id: string) => boolean} sees
 */

/** @typedef {{ names: Names, channel: Channel, thread: string | null }} WritingPlace */

/**
 * @typedef {Object} Suggestion
 * @property {string} insert
 * @property {string} words
 * @property {string} [note]
 * @property {string} [hint]
 * @property {string} [sign]
 * @property {Person} [person]
 * @property {Channel} [channel]
 */

/** @typedef {{ kind: string | null, from: number, options: Suggestion[] }} Suggested */

/**
 * @typedef {Object} MenuItem
 * @property {string} words
 * @property {string} [note]
 * @property {string} [key]
 * @property {boolean} [grave]
 * @property {() => unknown} act
 */

/** @typedef {{ key: number, name: string, size: number, id: string | null }} Upload */

/**
 * @typedef {Object} Uploads
 * @property {Upload[]} every
 * @property {string[]} ids
 * @property {boolean} ready
 * @property {(files: Iterable<File>) => void} add
 * @property {(key: number) => void} remove
 * @property {(ids: string[]) => void} sent
 * @property {(event: ClipboardEvent) => void} paste
 * @property {(event: DragEvent) => void} over
 * @property {(event: DragEvent) => void} drop
 */

// Block Kit.

/** @typedef {{ type: string, text: string, emoji?: boolean }} TextObject A text object. */

/**
 * @typedef {Object} Option
 * @property {TextObject} text
 * @property {string} value
 * @property {TextObject} [description]
 * @property {string} [url]
 */

/**
 * @typedef {Object} Confirm
 * @property {TextObject} title
 * @property {TextObject} text
 * @property {TextObject} confirm
 * @property {TextObject} deny
 * @property {string} [style]
 */

/**
 * @typedef {Object} BlockElement An interactive element, or an image.
 * @property {string} type
 * @property {string} action_id
 * @property {TextObject} [text]
 * @property {string} [url]
 * @property {string} [style]
 * @property {string} [icon]
 * @property {string} [accessibility_label]
 * @property {string[]} [visible_to_user_ids]
 * @property {Confirm} [confirm]
 * @property {TextObject} [placeholder]
 * @property {boolean} [focus_on_load]
 * @property {Option[]} [options]
 * @property {{ label: TextObject, options: Option[] }[]} [option_groups]
 * @property {number} [min_query_length]
 * @property {number} [max_selected_items]
 * @property {{ include?: string[], exclude_external_shared_channels?: boolean }} [filter]
 * @property {boolean} [multiline]
 * @property {number} [min_lines]
 * @property {number} [max_length]
 * @property {{ trigger_actions_on?: string[] }} [dispatch_action_config]
 * @property {string} [timezone]
 * @property {string[]} [filetypes]
 * @property {number} [max_files]
 * @property {FeedbackButton} [positive_button]
 * @property {FeedbackButton} [negative_button]
 */

/** @typedef {{ text: TextObject, accessibility_label?: string }} FeedbackButton */

/** @typedef {{ slack_file?: { id?: string, url: string }, image_url?: string }} ImageSource */
/** @typedef {ImageSource & { alt_text?: string, title?: TextObject }} Image */

/**
 * @typedef {Object} Block What the page reads of blocks of any type.
 * @property {string} type
 * @property {string} block_id
 * @property {TextObject} [text]
 * @property {BlockElement} [accessory]
 * @property {BlockElement[]} [elements]
 * @property {boolean} [optional]
 * @property {boolean} [dispatch_action]
 */

/** @typedef {Omit<Block, "elements" | "text">} BlockBase */

/** @typedef {Block & { fields?: TextObject[], expand?: boolean }} SectionBlock */
/** @typedef {Block & { text: TextObject, level?: 1 | 2 | 3 | 4 }} HeaderBlock */
/** @typedef {Block & { elements: BlockElement[] }} ActionsBlock */
/** @typedef {BlockBase & { elements: ContextElement[] }} ContextBlock */
/** @typedef {{ type: "mrkdwn" | "plain_text" } & TextObject} ContextText */
/** @typedef {({ type: "image" } & Image) | ContextText} ContextElement */
/** @typedef {BlockBase & Image} ImageBlock */
/** @typedef {BlockBase & { text: string }} MarkdownBlock */
/** @typedef {Block & { label: TextObject, element: BlockElement, hint?: TextObject }} InputBlock */
/** @typedef {"default" | "info" | "warning" | "error" | "success"} AlertLevel */
/** @typedef {BlockBase & { text: TextObject, level?: AlertLevel }} AlertBlock */

/**
 * @typedef {Block & CardFields} CardBlock
 * @typedef {Object} CardFields
 * @property {Image} [hero_image]
 * @property {Image} [icon]
 * @property {TextObject} [title]
 * @property {TextObject} [subtitle]
 * @property {TextObject} [body]
 * @property {BlockElement[]} [actions]
 */

/** @typedef {BlockBase & { elements: CardBlock[] }} CarouselBlock */

/**
 * @typedef {Block & ContainerFields} ContainerBlock
 * @typedef {Object} ContainerFields
 * @property {Block[]} child_blocks
 * @property {Image} [icon]
 * @property {TextObject} title
 * @property {RichText} [rich_text_title]
 * @property {TextObject} [subtitle]
 * @property {string} [width]
 * @property {boolean} [is_collapsible]
 * @property {boolean} [default_collapsed]
 * @property {boolean} [has_header_divider]
 */

/** @typedef {{ align?: string, is_wrapped?: boolean }} ColumnSetting */
/** @typedef {{ rows: Cell[][], column_settings?: (ColumnSetting | null)[] }} TableBlock */

/**
 * @typedef {Object} DataTableBlock
 * @property {string} caption
 * @property {Cell[][]} rows
 * @property {number} [page_size]
 * @property {number} [row_header_column_index]
 */

/**
 * @typedef {Object} Cell
 * @property {"raw_text" | "raw_number" | "rich_text"} type
 * @property {string} [text]
 * @property {number} [value]
 * @property {RichText[]} [elements]
 */

/**
 * @typedef {Object} TaskCardBlock
 * @property {string} [task_id]
 * @property {string} title
 * @property {"pending" | "in_progress" | "complete" | "error"} [status]
 * @property {RichText} [details]
 * @property {RichText} [output]
 * @property {{ url: string, text: string }[]} [sources]
 */

/** @typedef {{ title: string, tasks?: TaskCardBlock[] }} PlanBlock */

/**
 * @typedef {Object} VideoBlock
 * @property {TextObject} title
 * @property {string} [title_url]
 * @property {string} video_url
 * @property {string} thumbnail_url
 * @property {string} alt_text
 * @property {TextObject} [description]
 * @property {string} [provider_name]
 * @property {string} [author_name]
 */

/**
 * @typedef {Object} RichText A rich_text block, or a part of one.
 * @property {string} type
 * @property {RichText[]} elements
 * @property {any} [style] The kind of a list, or the styles of a text.
 * @property {number} [indent]
 * @property {number} [offset]
 * @property {number} [border]
 * @property {string} [text]
 * @property {string} [url]
 * @property {string} [user_id]
 * @property {string} [usergroup_id]
 * @property {string} [channel_id]
 * @property {string} [team_id]
 * @property {string} [range]
 * @property {string} [value]
 * @property {string} [name]
 * @property {number} [skin_tone]
 * @property {string} [unicode]
 * @property {number} [timestamp]
 * @property {string} [format]
 * @property {string} [timezone]
 * @property {string} [fallback]
 * @property {RichText[]} [below] Lists within the last item, which the page puts there.
 */

/** @typedef {Record<string, Record<string, Json>>} Values States by block_id and action_id. */

/** @typedef {Record<string, unknown>} Field The attributes that tie a field to its label. */

/**
 * @typedef {Object} Surface Where blocks are drawn, and what using them does there.
 * @property {Names} names
 * @property {string} surface "message", "modal" or "home".
 * @property {string} key
 * @property {number} [change]
 * @property {Values} values
 * @property {Record<string, string>} errors
 * @property {false} [files] Set where there is no workspace to load files from.
 * @property {(block: Block, element: BlockElement, choice: Choice) => MaybeJson} use
 * @property {(block: Block, element: BlockElement, typed: string, told: Told) => void} type
 * @property {(block: Block, element: BlockElement) => void} leave
 * @property {(block: Block, element: BlockElement, typed: string) => Json | Promise<Json>} suggest
 */

/** @typedef {Json | Promise<Json | undefined> | undefined} MaybeJson */
/** @typedef {(state?: Json) => void} Told Called once the workspace has what was typed. */

/**
 * What a person chose: an option, an id, a date, a text, or null for a press.
 * @typedef {any} Choice Its shape depends on the element, as in Slack's own payloads.
 */

/**
 * @typedef {Object} ElementProps What every element is drawn with.
 * @property {BlockElement} given
 * @property {Block} block
 * @property {Surface} at
 * @property {Field} field
 * @property {Choice} value
 * @property {(choice: Choice, value?: Choice) => void} use
 * @property {(typed: string) => void} type
 * @property {() => void} leave
 * @property {boolean} busy
 */

/**
 * @typedef {Object} ComboOption
 * @property {string} key
 * @property {string} words
 * @property {string} [detail]
 * @property {Drawn} [sign]
 * @property {Choice} given
 */

/** @typedef {{ label?: string, options: ComboOption[] }} ComboGroup */

/**
 * @typedef {Object} ComboboxProps
 * @property {Field} field
 * @property {string} placeholder
 * @property {boolean} several
 * @property {number} [most]
 * @property {ComboOption[]} chosen
 * @property {ComboGroup[]} groups
 * @property {string} [status]
 * @property {boolean} filters
 * @property {boolean} clearable
 * @property {boolean} busy
 * @property {(typed: string) => void} [onSearch]
 * @property {(options: ComboOption[]) => void} onChange
 */

export {};
