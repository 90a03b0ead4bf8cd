"""Topics: the catalogue, the picker, and the echo when one is followed or stopped."""

from collections.abc import Mapping, Sequence

from bot.views.layout import MOST_DATA, button, fitted, grid
from bot.views.markup import View, bold, escape, shorten
from bot.views.schedule import HOME, SETUP, settings, when
from digests.errors import PersonError
from digests.filing.own_words import PREFIX
from digests.model.answers import Change, Standing, TopicLine
from digests.model.people import DEFAULT_SLOT
from digests.model.topics import Side, Topic, TopicSlug

_LABEL = 40
_STEM = 4  # letters that two forms of a word share
_ALSO = 3
_WHAT_THIS_IS = (
    f"{bold('Cablegram')} reads outlets of many countries and brings a short digest at your time; "
    "every sentence says whose it is."
)


def topics(lines: Sequence[TopicLine]) -> View:
    """The catalogue: each topic with a line and the stories of its last day."""
    blocks = [
        f"{bold(line.topic.title)}{' ✓' if line.followed else ''} — {counted(line)}\n{escape(line.topic.line)}"
        for line in lines
    ]
    cards = (button(shorten(line.topic.title, _LABEL), "card", line.topic.slug) for line in lines)
    return View(html=fitted(blocks, "\n\n"), keyboard=grid(cards, 2, [button("Choose what to follow", "pick", HOME)]))


def background(topic: Topic) -> str:
    """What a topic is about; of one in own words, what it is looked for by."""
    return "; ".join(map(_looked_for, topic.sides)) + "." if topic.slug.startswith(PREFIX) else topic.background


def _looked_for(side: Side) -> str:
    """The side's name and a few other words for it: those in Latin letters that are no other form of one before."""
    others: list[str] = []
    for alias in (alias.rstrip("*") for term in side.terms for alias in term.aliases):
        stem = alias[:_STEM].casefold()
        if alias.isascii() and not any(stem in known.casefold() for known in (side.name, *others)):
            others.append(alias)
    return side.name + (f", also {', '.join(others[:_ALSO])}" if others else "")


def card(line: TopicLine) -> View:
    """One topic: what it is about, and what can be done with it."""
    topic = line.topic
    text = f"{bold(topic.title)} — {counted(line)}\n{escape(shorten(background(topic), 3000))}"
    follow = button("Unsubscribe", "drop", topic.slug) if line.followed else button("Subscribe", "follow", topic.slug)
    return View(html=text, keyboard=grid([follow, button("Latest", "latest", topic.slug)], 2))


def picker(lines: Sequence[TopicLine], flow: str) -> View:
    """Toggles. Each button says outright what it does, so that pressing it twice is no harm."""
    toggles = (
        button(
            f"{'✓ ' if line.followed else ''}{shorten(line.topic.title, _LABEL)}",
            *("untick" if line.followed else "tick", flow, line.topic.slug),
        )
        for line in lines
    )
    onward = button("Continue ›", "times", SETUP) if flow == SETUP else button("Done", "home")
    ready = flow == HOME or any(line.followed for line in lines)
    first = f"{_WHAT_THIS_IS}\n\nWhich topics do you follow? Tap them{', then Continue' if ready else ''}."
    text = first if flow == SETUP else "Tap to follow or to stop."
    return View(html=text, keyboard=grid(toggles, 2, [onward] if ready else []))


def nothing_followed(lines: Sequence[TopicLine]) -> View:
    """In place of a digest, where nothing is followed: a topic to read now, or the way to follow some."""
    now = (button(shorten(line.topic.title, _LABEL), "latest", line.topic.slug) for line in lines)
    text = "Nothing is followed here yet. Tap a topic to read its latest now."
    return View(html=text, keyboard=grid(now, 2, [button("Choose what to follow", "pick", HOME)]))


def stoppable(standing: Standing) -> View:
    """Which of the followed topics to stop?"""
    if not standing.topics:
        return View(
            html="Nothing is followed here, so there is nothing to stop.",
            keyboard=grid([button("Topics", "topics")], 1),
        )
    drops = (button(shorten(topic.title, _LABEL), "drop", topic.slug) for topic in standing.topics)
    return View(html="Which topic do you want to stop?", keyboard=grid(drops, 2))


def followed(change: Change, *before: Change) -> View:
    """Echo of a topic that is followed from now on, and of others just before it."""
    lines = [
        f"{'Following' if each.new else 'Already following'} {bold(each.topic.title)}." for each in (*before, change)
    ]
    if change.slots:
        lines.append("These times now hold for all topics of this chat:")
    elif change.standing.schedule.slots == (DEFAULT_SLOT,):
        lines.append("The usual time is 08:00; /time changes it.")
    return View(html="\n".join((*lines, *when(change.standing))), keyboard=settings(change.standing))


def stopped(change: Change) -> View:
    """Echo of a topic that is no longer followed, with the way back."""
    title = bold(change.topic.title)
    if not change.new:
        return View(html=f"{title} was not followed here.", keyboard=grid([button("Topics", "pick", HOME)], 1))
    rest = [escape(topic.title) for topic in change.standing.topics]
    still = f"Still following: {', '.join(rest)}." if rest else "Nothing is followed here any more."
    undo = button("Undo", "follow", change.topic.slug)
    return View(html=f"Stopped {title}. {still}", keyboard=grid([undo], 1))


def refused(error: PersonError, titles: Mapping[TopicSlug, str], verb: str) -> View:
    """A topic that does not exist: those that may be meant, each doing what was wished, and the catalogue."""
    times = "".join(f"{slot:%H%M}" for slot in error.slots)
    choices = [
        button(shorten(titles[TopicSlug(choice)], _LABEL), verb, choice, *([times] if times else []))
        for choice in error.choices
        if choice in titles and len(f"{verb}:{choice}:{times}") <= MOST_DATA
    ]
    below = [button("Latest digest", "latest", "")] if verb == "latest" else []
    return View(html=escape(str(error)), keyboard=grid(choices, 2, [*below, button("All topics", "topics")]))


def counted(line: TopicLine) -> str:
    """How many stories it had in the last day, in words."""
    if not line.stories:
        return "quiet today"
    return f"{line.stories} {'story' if line.stories == 1 else 'stories'} today"
