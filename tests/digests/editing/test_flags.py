"""Whose story it is so far: one state's media alone, and in doubt nobody's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.editing.compare import Reach
from digests.editing.flags import Flags
from digests.editing.positions import Speakers
from digests.model.names import Kind, Name, NameId
from digests.model.sources import FeedSlug, FeedState, Gap, Ownership
from digests.model.stories import Alone, Report, Story, StoryId
from digests.text.names import Names
from tests.builders import NOON, article, feed, outlet

STATE = Ownership.STATE
AGENCY = outlet("Agency", "RU", STATE)
CHANNEL = outlet("Channel", "RU", Ownership.PRO_GOVERNMENT)
HERALD = outlet("Herald", "GB")
LATER = NOON + timedelta(hours=8)


def name(key, kind, *aliases, of=None):
    return Name(id=NameId(key), kind=kind, aliases=aliases, of=of and NameId(of))


NAMES = Names(
    (
        name("russia", Kind.COUNTRY, "Russia", "Russian", "Россия"),
        name("france", Kind.COUNTRY, "France", "French", "Франция"),
        name("kremlin", Kind.PLACE, "Kremlin", of="russia"),
        name("orlova", Kind.PERSON, "Orlova", "Орлова"),
        name("brandt", Kind.PERSON, "Brandt"),
        name("sarkland", Kind.PLACE, "Sarkland", "Саркланд"),
    )
)
SPEAKERS = Speakers(NAMES, {NameId("orlova"): NameId("russia"), NameId("brandt"): NameId("france")})
FLAGS = Flags(SPEAKERS)
FEEDS = (
    feed("agency", name="Agency", country="RU", ownership=STATE),
    feed("herald", name="Herald", country="GB"),
    feed("capital", name="Capital", country="US"),
    feed("dnipro", name="Dnipro Post", country="UA"),
    feed("gazette", name="Gazette", country="RU", language="ru"),
)


def report(number, title, of=AGENCY, origin=None, **more):
    return Report(article=article(number, title, of=of, **more), origin=origin or of.name)


PLOT = "Sarkland harbour was mined by smugglers — {}"
TOLD = (report(1, PLOT.format("Russian navy")), report(2, "Smugglers mined Sarkland harbour – Russian fleet", CHANNEL))


def story(*reports):
    return Story(id=StoryId(1), reports=reports)


def reach(feeds=FEEDS, states=None, gaps=()):
    known = {each.slug: FeedState(feed=each.slug, last_good=LATER) for each in feeds}
    return Reach(feeds=feeds, states=known if states is None else states, gaps=gaps, until=LATER)


def alone(*told, of=TOLD, within=None):
    assert FLAGS.suspected(story(*of), LATER)
    return FLAGS.alone(story(*of), told, within or reach())


def test_a_states_own_word_that_nobody_else_has_is_told_as_such_with_the_feeds_that_would_show_it():
    other = report(9, "Football club sells striker", HERALD)
    assert alone(other) == Alone(vantage="RU", read=4)


@pytest.mark.parametrize(
    "reports",
    [
        TOLD[:1],
        (*TOLD, report(3, "Smugglers mined Sarkland harbour", HERALD)),
        (*TOLD, report(3, "Smugglers mined Sarkland harbour", HERALD, origin="Agency")),
        (*TOLD, report(3, "Smugglers mined Sarkland harbour", outlet("People’s News", "CN", STATE))),
        (TOLD[0], report(2, "Smugglers mined Sarkland harbour", CHANNEL, origin="Agency")),
        (TOLD[0], report(2, "Smugglers mined Sarkland harbour", CHANNEL, origin="Reuters")),
        (report(1, "Smugglers mined Sarkland harbour", HERALD), report(2, "Harbour of Sarkland mined", outlet("Post"))),
        (TOLD[0], report(2, "Price of bread is stable — Kremlin", CHANNEL)),
        (report(1, "Smugglers mined Sarkland harbour"), report(2, "Sarkland harbour mined", CHANNEL)),
        (TOLD[0], report(2, "Smugglers mined Sarkland harbour — Brandt", CHANNEL)),
        (TOLD[0], report(2, "Smugglers mined Sarkland harbour — French embassy in Russia", CHANNEL)),
        (TOLD[0], report(2, "France says smugglers mined Sarkland harbour", CHANNEL)),
    ],
    ids=["one outlet", "an independent outlet", "one that cites the agency", "another state’s", "one after the other", "after an independent one", "no state media", "two things", "nobody’s word", "another government’s person", "of two governments", "another government"],
)  # fmt: skip
def test_what_may_be_told_elsewhere_is_not_even_suspected(reports):
    assert not FLAGS.suspected(story(*reports), LATER)


def test_nobody_is_late_within_four_hours():
    assert not FLAGS.suspected(story(*TOLD), NOON + timedelta(hours=3, minutes=59))
    assert FLAGS.suspected(story(*TOLD), NOON + timedelta(hours=4))


def test_a_state_of_which_nobody_knows_the_speakers_is_not_suspected():
    told = [replace(each, article=replace(each.article, outlet=replace(each.article.outlet, vantage="BY"))) for each in TOLD]  # fmt: skip
    assert not FLAGS.suspected(story(*told), LATER)


def test_an_agency_of_the_same_state_may_be_cited():
    cited = report(3, "Sarkland harbour mined, says the fleet", CHANNEL, origin="RIA Novosti")
    assert FLAGS.suspected(story(*TOLD, cited), LATER)
    assert not FLAGS.suspected(story(*TOLD, replace(cited, origin="Xinhua")), LATER)


def test_his_own_word_needs_no_credit_at_the_end():
    told = (report(1, "Orlova says smugglers mined Sarkland harbour"), TOLD[1])
    assert alone(of=told) == Alone(vantage="RU", read=4)


@pytest.mark.parametrize(
    "other",
    [
        report(9, "Sarkland harbour said to be full of mines", HERALD),
        report(9, "Day in brief", HERALD, text="Smugglers mined the harbour of Sarkland. A cat was saved."),
        report(9, "Smugglers mined Sarkland harbour", HERALD, published=NOON - timedelta(hours=23)),
        report(9, "Smugglers mined Sarkland harbour", outlet("People’s News", "CN", STATE)),
    ],
    ids=["a title", "an opening", "the day before", "another state’s"],
)
def test_what_may_be_of_it_is_enough(other):
    assert alone(other) is None


@pytest.mark.parametrize(
    "other",
    [
        report(9, "Smugglers mined Sarkland harbour", outlet("Third", "RU", STATE)),
        report(9, "Smugglers mined Sarkland harbour", HERALD, published=NOON - timedelta(hours=24)),
        report(9, "Smugglers mined Sarkland harbour", HERALD, published=LATER + timedelta(minutes=1)),
    ],
    ids=["its own media", "long before", "after the digest"],
)
def test_what_is_of_its_own_media_or_of_another_time_does_not_matter(other):
    assert alone(other) == Alone(vantage="RU", read=4)


def test_another_sentence_of_who_speaks_may_be_of_it_and_one_of_his_country_is_not():
    told = (TOLD[0], report(2, "Smugglers mined Sarkland harbour — Orlova", CHANNEL))
    assert alone(report(9, "Orlova speaks on the price of bread", HERALD), of=told) is None
    assert alone(report(9, "Russian club sells striker", HERALD), of=told) == Alone(vantage="RU", read=4)
    told = (TOLD[0], report(2, "Kremlin says smugglers mined Sarkland harbour", CHANNEL))
    assert alone(report(9, "Bread is cheap, Kremlin says", HERALD), of=told) is None


def in_russian(title):
    made = report(9, title, outlet("Gazette", "RU"))
    return replace(made, article=replace(made.article, language="ru"))


def test_in_another_language_it_is_known_by_whom_and_what_it_names():
    assert alone(in_russian("Саркланд: порт заминирован, Россия обеспокоена")) is None
    assert alone(in_russian("Саркланд: выборы")) == Alone(vantage="RU", read=4)


@pytest.mark.parametrize(
    "within",
    [
        reach(FEEDS[:3]),
        reach((*FEEDS[:3], replace(FEEDS[3], enabled=False))),
        reach((*FEEDS[:3], replace(FEEDS[3], language="uk"))),
        reach((*FEEDS[:3], feed("second", name="Second", country="FR"))),
        reach((*FEEDS[:3], feed("third", name="Third", country="RU", ownership=STATE))),
        reach(states={each.slug: FeedState(feed=each.slug, last_good=LATER) for each in FEEDS[:3]}),
        reach(gaps=(Gap(feed=FeedSlug("dnipro"), start=None, end=NOON + timedelta(hours=1)),)),
        reach((*FEEDS, feed("kyiv", name="Kyiv Post", country="UA")), {each.slug: FeedState(feed=each.slug, last_good=LATER) for each in FEEDS}),
    ],
    ids=["two groups", "a feed out of service", "another language", "two feeds of one group", "the state’s own", "never read", "a gap", "one feed of a group not read"],
)  # fmt: skip
def test_three_other_groups_must_have_been_read_without_a_gap(within):
    assert alone(within=within) is None


def test_a_group_that_was_not_read_does_not_hinder_where_three_others_were():
    feeds = (*FEEDS, feed("times", name="Times", country="IN"))
    within = reach(feeds, gaps=(Gap(feed=FeedSlug("times"), start=None, end=LATER),))
    assert alone(within=within) == Alone(vantage="RU", read=4)
