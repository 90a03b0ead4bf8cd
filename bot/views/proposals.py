"""A topic in a person's own words: what it would bring, before anything is followed."""

from telegram import InlineKeyboardButton

from bot.views.layout import MOST_DATA, button, grid
from bot.views.markup import View, bold, escape, link, shorten
from digests.errors import PersonError
from digests.model.answers import Proposal
from digests.model.stories import Report
from digests.model.topics import Breadth

LETTERS = {"n": Breadth.NARROW, "u": Breadth.USUAL, "w": Breadth.WIDE}  # a button's data has 64 bytes

_LABEL = 40
_HEADLINE = 160
_READ_ALONE = {
    Breadth.NARROW: "It must stand in a headline.",
    Breadth.USUAL: "A headline or a text that speaks of it is enough.",
    Breadth.WIDE: "Read widely: a mention is enough.",
}
_READ = {
    Breadth.NARROW: "All of it must stand in a headline.",
    Breadth.USUAL: "All of it must stand together.",
    Breadth.WIDE: "Read widely: most of it, near or far.",
}


def proposal(offered: Proposal) -> View:
    """How the words are read, what they match, what comes near, and the choice."""
    blocks = [
        f"{bold(offered.topic.title)}\n{escape(shorten(offered.topic.line, 600))} {_read(offered)}",
        "\n".join([_count(offered), *map(_headline, offered.examples)]),
    ]
    if offered.near:
        blocks.append("\n".join(["Not matched, but near:", *map(_headline, offered.near)]))
    return View(html="\n\n".join(blocks), keyboard=grid(_choice(offered), 2, *_others(offered)))


def cancelled() -> View:
    """Nothing was followed."""
    return View(html="Nothing was saved.", keyboard=grid([button("Topics", "topics")], 1))


def refused(error: PersonError) -> View:
    """The words make no topic, or are gone."""
    return View(html=escape(str(error)), keyboard=grid([button("All topics", "topics")], 1))


def _read(offered: Proposal) -> str:
    together = len(offered.topic.sides) > 1
    return (_READ if together else _READ_ALONE)[offered.own.breadth]


def _count(offered: Proposal) -> str:
    if not offered.stories:
        nowhere = " or ".join(f"“{name.strip('“”')}”" for name in offered.unheard)
        return "It matches no story of this week." + (
            f" None names {escape(shorten(nowhere, _HEADLINE))}." if nowhere else ""
        )
    stories = "1 story" if offered.stories == 1 else f"{offered.stories} stories"
    return f"It matches {stories} this week{', e.g.' if offered.stories > len(offered.examples) else ':'}"


def _headline(report: Report) -> str:
    title = escape(shorten(report.article.title, _HEADLINE))
    return f"• {title} — {link(report.article.url, report.article.outlet.name)}"


def _choice(offered: Proposal) -> list[InlineKeyboardButton]:
    times = "".join(f"{slot:%H%M}" for slot in offered.slots)
    slug = offered.topic.slug
    follow = ["follow", slug, *([times] if times and len(f"follow:{slug}:{times}") <= MOST_DATA else [])]
    first = button("Following ✓", "card", slug) if offered.followed else button("Subscribe", *follow)
    breadths = list(LETTERS.items())
    at = [breadth for _, breadth in breadths].index(offered.own.breadth)
    others = [(label, breadths[each][0]) for label, each in (("Wider", at + 1), ("Narrower", at - 1)) if 0 <= each < 3]
    return [first, *(button(label, "own", slug, letter, *([times] if times else [])) for label, letter in others)]


def _others(offered: Proposal) -> list[list[InlineKeyboardButton]]:
    instead = offered.instead
    shipped = [button(f"{shorten(instead.title, _LABEL)} instead", "card", instead.slug)] if instead else []
    return [shipped, [button("Cancel", "cancel", offered.topic.slug)]]
