"""The Bot API's methods over the world, with Telegram's own refusals."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.playground.markup import MAX_ENTITIES, BadMarkup, Entity, parse_html, utf16_length
from bot.playground.state import BOT_USERNAME, Button, Chat, Json, Message, Standing, UploadedFile, World, rights_json

MAX_TEXT = 4096  # UTF-16 units, after parsing
MAX_DATA = 64  # bytes
MAX_BUTTONS = 100

REFUSALS = {
    Standing.STRANGER: "bot can't initiate conversation with a user",
    Standing.BLOCKED: "bot was blocked by the user",
    Standing.DEACTIVATED: "user is deactivated",
}


class ApiError(Exception):
    """A refusal: Telegram's code and words, and what it adds for programs."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(words: str) -> ApiError:
    """Error 400."""
    return ApiError(400, f"Bad Request: {words}")


class Parameters:
    """A request's parameters: strings from forms, anything from JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """A string; empty where it is missing."""
        return str(self.values.get(name, ""))

    def number(self, name: str, default: int = 0) -> int:
        """An integer; `default` where it is missing or none."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def true(self, name: str) -> bool:
        """Whether it is set and true."""
        return str(self.values.get(name, "")).lower() in {"true", "1"}

    def structure(self, name: str) -> Any:
        """What a form holds as JSON text; None where it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


def find_chat(world: World, parameters: Parameters) -> Chat:
    """The chat that is meant, if it exists at all."""
    if not parameters.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(parameters.number("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    return chat


def open_chat(world: World, parameters: Parameters) -> Chat:
    """The chat that is meant, if the bot may write in it."""
    chat = find_chat(world, parameters)
    if chat.moved_to is not None:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, words, migrate_to_chat_id=chat.moved_to)
    if chat.standing is Standing.KICKED:
        raise ApiError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
    if chat.standing is Standing.ABSENT:
        raise ApiError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
    if chat.standing is not Standing.OPEN:
        raise ApiError(403, f"Forbidden: {REFUSALS[chat.standing]}")
    return chat


def content(parameters: Parameters, *, too_long: str) -> tuple[str, tuple[Entity, ...]]:
    """Text and entities of a message as they will be shown."""
    text = parameters.text("text")
    if not text:
        raise bad_request("message text is empty")
    entities: list[Entity] = list(parameters.structure("entities") or [])
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        try:
            text, entities = parse_html(text)
        except BadMarkup as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode:
        raise bad_request("unsupported parse_mode")
    if not text.strip():
        raise bad_request("text must be non-empty")
    left = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    if utf16_length(text) > MAX_TEXT:
        raise bad_request(too_long)
    shifted = ({**entity, "offset": max(0, entity["offset"] - left)} for entity in entities)
    return text, tuple(shifted)[:MAX_ENTITIES]


def keyboard(parameters: Parameters) -> tuple[tuple[Button, ...], ...]:
    """The inline keyboard that is meant, none where it is missing."""
    markup = parameters.structure("reply_markup") or {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = tuple(tuple(_button(each) for each in row) for row in markup.get("inline_keyboard", ()))
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return tuple(row for row in rows if row)


def _button(button: Json) -> Button:
    words, data, url = str(button.get("text", "")), button.get("callback_data"), button.get("url")
    if not words.strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    if data is None and url is None:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if data is not None and not 0 < len(data.encode()) <= MAX_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None and not re.match(r"(?:https?|tg)://[^\s/]", url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return Button(text=words, data=data, url=url)


def _deliver(world: World, chat: Chat, message: Message, what: str) -> Json:
    chat.messages[message.id] = message
    chat.events.append(message)
    world.on_delivery(
        {
            "at": world.clock(),
            "what": what,
            "chat": chat.id,
            "thread": message.thread,
            "message": message.id,
            "text": message.text,
            "buttons": list(message.buttons),
            "data": [button.data for row in message.keyboard for button in row],
        }
    )
    world.bell.ring()
    return world.message_json(message)


def send_message(world: World, parameters: Parameters) -> Json:
    """Answer sendMessage."""
    chat = open_chat(world, parameters)
    text, entities = content(parameters, too_long="message is too long")
    rows = keyboard(parameters)
    thread = parameters.number("message_thread_id")
    if thread and thread not in chat.threads:
        raise bad_request("message thread not found")
    reply = parameters.structure("reply_parameters") or {}
    replied = reply.get("message_id")
    if replied is not None and replied not in chat.messages:
        if not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        replied = None
    message = world.write(
        chat,
        by=world.bot_id,
        text=text,
        entities=entities,
        html=parameters.text("text"),
        keyboard=rows,
        thread=thread,
        reply_to=replied,
        previews=not (parameters.structure("link_preview_options") or {}).get("is_disabled", False),
    )
    return _deliver(world, chat, message, "sent")


def send_document(world: World, parameters: Parameters) -> Json:
    """Answer sendDocument, of a file that comes with the request."""
    chat = open_chat(world, parameters)
    thread = parameters.number("message_thread_id")
    if thread and thread not in chat.threads:
        raise bad_request("message thread not found")
    file = parameters.values.get("document")
    if not isinstance(file, UploadedFile):
        raise bad_request("there is no document in the request")
    message = world.write(chat, by=world.bot_id, text=parameters.text("caption"), thread=thread)
    chat.documents[message.id] = file
    delivered = _deliver(world, chat, message, "sent")
    return delivered | {"document": {"file_id": str(message.id), "file_unique_id": file.name, "file_name": file.name}}


def _own_message(world: World, parameters: Parameters, action: str) -> tuple[Chat, Message]:
    chat = open_chat(world, parameters)
    message = chat.messages.get(parameters.number("message_id"))
    if message is None:
        raise bad_request(f"message to {action} not found")
    if message.by != world.bot_id and action == "edit":
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, before: Message, after: Message) -> Json:
    if (before.text, before.entities, before.keyboard) == (after.text, after.entities, after.keyboard):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    return _deliver(world, chat, replace(after, edits=before.edits + 1), "edited")


def edit_message_text(world: World, parameters: Parameters) -> Json:
    """Answer editMessageText."""
    chat, message = _own_message(world, parameters, "edit")
    text, entities = content(parameters, too_long="MESSAGE_TOO_LONG")
    changed = replace(
        message, text=text, entities=entities, html=parameters.text("text"), keyboard=keyboard(parameters)
    )
    return _edit(world, chat, message, changed)


def edit_message_reply_markup(world: World, parameters: Parameters) -> Json:
    """Answer editMessageReplyMarkup."""
    chat, message = _own_message(world, parameters, "edit")
    return _edit(world, chat, message, replace(message, keyboard=keyboard(parameters)))


def delete_message(world: World, parameters: Parameters) -> bool:
    """Answer deleteMessage."""
    chat, message = _own_message(world, parameters, "delete")
    if chat.kind != "private" and message.by != world.bot_id:
        raise bad_request("message can't be deleted")
    del chat.messages[message.id]
    world.bell.ring()
    return True


def answer_callback_query(world: World, parameters: Parameters) -> bool:
    """Answer answerCallbackQuery; a query is good for one answer."""
    query = world.queries.get(parameters.text("callback_query_id"))
    if query is None or query.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(parameters.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    url = parameters.text("url")
    if url and not url.startswith(f"https://t.me/{BOT_USERNAME}?start="):
        raise bad_request("URL_INVALID")
    query.answer = {"text": parameters.text("text"), "alert": parameters.true("show_alert"), "url": url}
    world.bell.ring()
    return True


def send_chat_action(world: World, parameters: Parameters) -> bool:
    """Answer sendChatAction."""
    chat = open_chat(world, parameters)
    if not parameters.text("action"):
        raise bad_request("wrong parameter action in request")
    chat.actions.append(parameters.text("action"))
    return True


def get_me(world: World, _: Parameters) -> Json:
    """Answer getMe."""
    rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return world.user_json(world.bot_id) | rights


def get_chat(world: World, parameters: Parameters) -> Json:
    """Answer getChat."""
    return find_chat(world, parameters).as_json() | {"accent_color_id": 0, "max_reaction_count": 11}


def get_chat_member(world: World, parameters: Parameters) -> Json:
    """Answer getChatMember."""
    chat, person = open_chat(world, parameters), parameters.number("user_id")
    if person != world.bot_id and (person not in world.chats or person < 0):
        raise bad_request("PARTICIPANT_ID_INVALID" if person else "invalid user_id specified")
    status = "member" if person == world.bot_id else chat.members.get(person, "left")
    return {"user": world.user_json(person)} | rights_json(status, chat.kind)


def get_chat_administrators(world: World, parameters: Parameters) -> list[Json]:
    """Answer getChatAdministrators."""
    chat = open_chat(world, parameters)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [
        {"user": world.user_json(person)} | rights_json(status, chat.kind)
        for person, status in chat.members.items()
        if status != "member"
    ]


def set_my_commands(world: World, parameters: Parameters) -> bool:
    """Answer setMyCommands; kept by scope and language."""
    commands = parameters.structure("commands") or []
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 0 < len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = (parameters.structure("scope") or {}).get("type", "default")
    world.commands[f"{scope}/{parameters.text('language_code')}"] = commands
    return True


def set_webhook(world: World, parameters: Parameters) -> bool:
    """Answer setWebhook; the server brings updates there from now on. Plain HTTP is for loopback, as with a local server."""
    url = parameters.text("url")
    if url and not url.startswith(("https://", "http://127.0.0.1:")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", parameters.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    world.webhook = {"url": url, "secret_token": parameters.text("secret_token")}
    allowed = parameters.structure("allowed_updates")
    if allowed is not None:  # else what was last asked for still holds
        world.allowed_updates = frozenset(allowed)
    world.bell.ring()
    return True


def delete_webhook(world: World, parameters: Parameters) -> bool:
    """Answer deleteWebhook."""
    world.webhook = {"url": ""}
    if parameters.true("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Parameters) -> Json:
    """Answer getWebhookInfo."""
    shown = {"url": world.webhook["url"], "has_custom_certificate": False}
    return shown | {"pending_update_count": len(world.updates)}


def _accept(_: World, __: Parameters) -> bool:
    return True


METHODS: Mapping[str, Callable[[World, Parameters], object]] = {
    "answercallbackquery": answer_callback_query,
    "deletemessage": delete_message,
    "deletemycommands": _accept,
    "deletewebhook": delete_webhook,
    "editmessagereplymarkup": edit_message_reply_markup,
    "editmessagetext": edit_message_text,
    "getchat": get_chat,
    "getchatadministrators": get_chat_administrators,
    "getchatmember": get_chat_member,
    "getme": get_me,
    "getwebhookinfo": get_webhook_info,
    "sendchataction": send_chat_action,
    "senddocument": send_document,
    "sendmessage": send_message,
    "setmycommands": set_my_commands,
    "setmydescription": _accept,
    "setmyshortdescription": _accept,
    "setwebhook": set_webhook,
}
"""By lower-case name, for Telegram does not mind the case; getUpdates alone waits, and stands in server.py."""
