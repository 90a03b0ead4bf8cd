"""The state of play: last positions, figures and dates ahead, each with the article that it stands in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.gazetteer import load_names, load_speakers
from digests.editing.outlook import local_day, outlook
from digests.editing.positions import Speakers
from digests.model.sources import Ownership
from digests.model.topics import TopicSlug
from tests.builders import NOON, article, outlet, story

TOPIC = TopicSlug("ukraine-talks")
HERALD = outlet("Herald", "GB")
AGENCY = outlet("Agency", "RU", Ownership.STATE)
YESTERDAY = NOON - timedelta(days=1)


@pytest.fixture(scope="module")
def draw():
    names = load_names()
    speakers = Speakers(names, load_speakers(names))

    def drawn(*stories, fit=lambda article: 1.0, at=NOON):
        return outlook(stories, TOPIC, speakers, fit, at)

    return drawn


def test_each_sides_last_statement_stands_and_the_most_heard_side_first(draw):
    drawn = draw(
        story(1, article(1, "Kremlin says the talks go on as planned", of=HERALD, published=YESTERDAY)),
        story(2, article(2, "Ukraine rejects the new terms of the truce", of=HERALD, published=YESTERDAY)),
        story(3, article(3, "Russia rejects the truce that was offered", of=HERALD)),
    )
    assert [(each.side, each.speaker, each.said.article.id) for each in drawn.positions] == [
        ("Russia", "Russia", 3),
        ("Ukraine", "Ukraine", 2),
    ]


def test_what_is_not_his_own_word_on_the_topic_is_no_position(draw):
    drawn = draw(
        story(1, article(1, "Ukraine says the truce will not hold", of=AGENCY)),
        story(2, article(2, "Kremlin says the price of bread is stable", of=HERALD)),
        story(3, article(3, "Why does the Kremlin say no?", of=HERALD)),
        story(4, article(4, "Kremlin says it is ready to go on", of=HERALD), topic="another"),
        story(5, article(5, "Kremlin says it is ready to go on", of=HERALD, published=NOON + timedelta(hours=1))),
        story(6, replace(article(6, "Кремль говорит, что готов продолжать", of=HERALD), language="ru")),
        fit=lambda article: 0.0 if "bread" in article.title else 1.0,
    )
    assert drawn.positions == ()


def test_a_government_is_believed_about_itself(draw):
    drawn = draw(story(1, article(1, "Kremlin says the talks go on as planned", of=AGENCY)))
    assert [each.said.article.outlet for each in drawn.positions] == [AGENCY]


def test_a_sentence_of_the_opening_may_hold_the_position(draw):
    text = "Ukraine rejects every demand that was made in Ankara at the last talks."
    (position,) = draw(story(1, article(1, "Envoys meet in Ankara", of=HERALD, text=text))).positions
    assert position.said.text == text


def test_dates_ahead_come_in_their_order_each_once(draw):
    drawn = draw(
        story(1, article(1, "A new round of talks will be held on 17 February in Ankara", of=HERALD)),
        story(2, article(2, "A new round of talks will be held on 16-17 February in Ankara", of=AGENCY)),
        story(3, article(3, "The old treaty expires tomorrow", of=HERALD)),
        story(4, article(4, "Old treaty expires on 5 February", of=AGENCY)),
        story(5, article(5, "Who will meet on 20 February?", of=HERALD, text="Parliament votes on the peace deal on 9 March in Kyiv.")),
        story(6, article(6, "A summit will be held on 11 February", of=HERALD, published=NOON - timedelta(days=8))),
    )  # fmt: skip
    assert [(each.first, each.last, each.words, each.said.article.id) for each in drawn.ahead] == [
        (date(2026, 2, 5), date(2026, 2, 5), "tomorrow", 3),
        (date(2026, 2, 16), date(2026, 2, 17), "16-17 February", 2),
        (date(2026, 3, 9), date(2026, 3, 9), "9 March", 5),
    ]


def test_a_date_that_is_over_by_now_or_off_the_topic_does_not_lie_ahead(draw):
    told = article(1, "A new round will be held on 4 February", of=HERALD, published=YESTERDAY)
    assert draw(story(1, told)).ahead == ()
    later = article(2, "A new round will be held on 9 February", of=HERALD)
    assert draw(story(1, later), fit=lambda article: 0.0).ahead == ()


def test_figures_are_those_of_the_last_days(draw):
    same = [article(number, "Envoys exchanged 314 prisoners", of=of) for number, of in ((1, HERALD), (2, AGENCY))]
    other = [
        article(number, f"Strike on the mine kills {count} miners", of=of)
        for number, count, of in ((3, 12, HERALD), (4, 15, AGENCY))
    ]
    drawn = draw(story(1, *same), story(2, *other))
    assert [[each.article.id for each in excerpts] for excerpts in drawn.agreed] == [[1, 2]]
    assert [[each.article.id for each in excerpts] for excerpts in drawn.differing] == [[3, 4]]
    assert not draw(story(1, *same), at=NOON + timedelta(days=4)).agreed


def test_tomorrow_is_counted_from_the_day_where_the_outlet_is():
    late = datetime(2026, 2, 4, 20, 0, tzinfo=UTC)
    assert local_day(article(1, published=late, of=outlet("Daily", "JP"))) == date(2026, 2, 5)
    assert local_day(article(1, published=late, of=HERALD)) == date(2026, 2, 4)
    assert local_day(article(1, published=late, of=outlet("Wire", "INT"))) == date(2026, 2, 4)
