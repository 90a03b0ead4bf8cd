"""What can go wrong between a bot and Telegram, ordered for one of the next requests."""

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """How a request fails. BEFORE: nothing came of it; AFTER: the message stands in the chat and the bot is not told."""

    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    SILENCE_BEFORE = "silence-before"
    SILENCE_AFTER = "silence-after"
    BAD_GATEWAY_BEFORE = "502-before"
    BAD_GATEWAY_AFTER = "502-after"
    GARBLED_AFTER = "garbled-after"  # 200 with a body that is no JSON
    CUT_AFTER = "cut-after"  # the connection ends in the middle of the answer
    REFUSED = "refused"  # answered with `code` and `words`

    @property
    def after(self) -> bool:
        """Whether the request is obeyed all the same."""
        return self.value.endswith("-after")


@dataclass(slots=True, kw_only=True)
class Order:
    """A fault for the next `times` requests of `method`, of one chat or of any.

    `code`, `words`, `parameters` are the answer of REFUSED; status 429 wants `retry_after` among the parameters.
    """

    fault: Fault
    method: str = "sendMessage"
    chat: int | None = None
    times: int = 1
    code: int = 400
    words: str = "Bad Request"
    parameters: dict[str, int] = field(default_factory=dict)

    def meets(self, method: str, chat: int) -> bool:
        """Whether it is meant for this request."""
        return self.times > 0 and self.method.lower() == method.lower() and self.chat in {None, chat}


class Faults:
    """The orders that stand, oldest first."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def take(self, method: str, chat: int) -> Order | None:
        """The order that this request meets, used up by one."""
        for order in self.orders:
            if order.meets(method, chat):
                order.times -= 1
                return order
        return None
