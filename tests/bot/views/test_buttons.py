"""Whatever topics are called and times are wished, Telegram takes every button, for a channel too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import catalogue, channels, layout, proposals, schedule
from digests.conversation.cities import CITIES
from digests.conversation.times import MOST_SLOTS
from digests.errors import PersonError
from digests.filing.own_words import slug_of
from digests.model.answers import Proposal, TopicLine
from digests.model.topics import Breadth, OwnWords, Topic

SLUGS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).map(lambda slug: slug[:40].strip("-"))
TIMES = st.lists(st.times(), max_size=MOST_SLOTS).map(tuple)
TITLES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


NAMES = sorted(city.partition("|")[0] for cities in CITIES.values() for city in cities.split("; "))


def topic(slug, title):
    return Topic(slug=slug, title=title, line="x", background="x", questions=(), sides=())


def proposed(words, breadth, instead, title, times, followed):
    own = OwnWords(words=words, breadth=breadth)
    return Proposal(
        topic=topic(slug_of(own), title),
        own=own,
        slots=times,
        followed=followed,
        stories=0,
        examples=(),
        near=(),
        instead=topic(instead, title),
    )


def assert_taken(view, chat):
    for shown in (view, channels.of_channel(view, chat, "World desk")):
        for row in shown.keyboard.inline_keyboard:
            for button in row:
                assert 1 <= len(button.callback_data.encode()) <= layout.MOST_DATA
                assert button.text.strip()


@pytest.mark.thousands
@given(
    SLUGS,
    TITLES.filter(str.strip),
    TIMES,
    st.sampled_from(Breadth),
    st.booleans(),
    st.lists(st.sampled_from(NAMES), max_size=9),
    st.integers(-(10**13) * 9, -1),
)
@settings(deadline=None)
def test_whatever_is_named_no_button_carries_more_than_telegram_takes(
    slug, title, times, breadth, followed, cities, channel
):
    line = TopicLine(topic=topic(slug, title), stories=1, followed=followed)
    unknown = PersonError("no such topic", choices=(slug,), slots=times)
    for view in (
        catalogue.topics([line]),
        catalogue.card(line),
        catalogue.refused(unknown, {slug: title}, "follow"),
        catalogue.refused(unknown, {slug: title}, "latest"),
        catalogue.picker([line], schedule.HOME),
        schedule.refused_city(PersonError("no such city", choices=tuple(cities))),
        proposals.proposal(proposed(title, breadth, slug, title, times, followed)),
    ):
        assert_taken(view, channel)
