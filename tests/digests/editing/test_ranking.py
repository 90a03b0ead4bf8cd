"""Which stories a digest brings, and in which order."""

from datetime import timedelta

from digests.editing.ranking import fit, rank, spread
from digests.model.sources import Ownership
from digests.model.topics import Match, TopicSlug
from tests.builders import NOON, article, outlet, story

TALKS, ARMS = TopicSlug("talks"), TopicSlug("arms")
HEADS = (
    "Envoys sign ceasefire at the port of Brill",
    "Norland frees forty prisoners near Hallow",
    "Sudland recalls its ambassador from Ankara",
    "Parliament of Norland adopts budget for border guards",
    "Hosts invite both presidents to Vienna summit",
    "Observers count ninety lorries at Hallow crossing",
)


def told(number, *, by=1, topic=TALKS, hours=0, score=1.0, ownership=Ownership.PRIVATE, country="GB", title=None):
    """A story that `by` outlets report, `hours` ago."""
    reports = [
        article(
            number * 100 + each,
            title or HEADS[number % len(HEADS)],
            of=outlet(f"Paper {number}-{each}", country, ownership),
            published=NOON - timedelta(hours=hours),
        )
        for each in range(by)
    ]
    return story(number, *reports, topic=topic, score=score)


def order(*stories, topic=TALKS):
    return [each.story.id for each in rank({topic: stories}, NOON)]


def test_what_more_outlets_report_comes_first():
    assert order(told(1), told(2, by=3), told(3, by=2)) == [2, 3, 1]


def test_what_is_newer_comes_before_what_is_as_widely_told():
    assert order(told(1, hours=20), told(2, hours=1)) == [2, 1]


def test_more_vantage_points_weigh_more():
    one_view = told(1, by=2)
    two_views = story(
        2, article(21, HEADS[2], of=outlet("A", "GB")), article(22, HEADS[2], of=outlet("B", "IN")), topic=TALKS
    )
    assert order(one_view, two_views) == [2, 1]


def test_a_governments_voice_weighs_less():
    assert order(told(1, ownership=Ownership.STATE), told(2)) == [2, 1]


def test_a_story_that_hardly_touches_the_topic_is_left_out():
    thin = told(1, by=9)
    thin = type(thin)(
        id=thin.id,
        reports=thin.reports,
        matches=(Match(topic=TALKS, article=thin.reports[0].article.id, score=0.6, why="x"),),
    )
    assert fit(thin, TALKS) < 0.1
    assert order(thin) == []


def test_round_ups_and_live_pages_are_no_stories():
    assert order(told(1, title="Press review: talks go on as markets fall")) == []


def test_a_story_stands_under_the_topic_that_it_fits_best_and_an_earlier_one_wins_a_tie():
    both = told(1)
    matches = tuple(
        Match(topic=topic, article=both.reports[0].article.id, score=score, why="x")
        for topic, score in ((TALKS, 0.6), (ARMS, 0.9))
    )
    both = type(both)(id=both.id, reports=both.reports, matches=matches)
    assert [each.topic for each in rank({TALKS: [both], ARMS: [both]}, NOON)] == [ARMS]
    even = type(both)(
        id=both.id,
        reports=both.reports,
        matches=tuple(type(m)(topic=m.topic, article=m.article, score=0.9, why="x") for m in matches),
    )
    assert [each.topic for each in rank({ARMS: [even], TALKS: [even]}, NOON)] == [ARMS]


def chosen(most, *stories):
    return [each.story.id for each in spread(rank({TALKS: stories}, NOON), most)]


def test_every_topic_has_its_first_story_before_any_has_its_second():
    stories = {TALKS: [told(1, by=4), told(2, by=3)], ARMS: [told(3, by=2, topic=ARMS)]}
    assert [each.story.id for each in spread(rank(stories, NOON), 2)] == [1, 3]
    assert [each.story.id for each in spread(rank(stories, NOON), 3)] == [1, 3, 2]


def test_of_stories_with_nearly_the_same_title_the_first_stays():
    assert chosen(8, told(1, by=3), told(2, by=2, title=HEADS[1])) == [1]


def test_single_voices_come_only_a_few_times_a_topic():
    assert chosen(8, told(0), told(1), told(2, by=2), told(3), told(4)) == [2, 0, 1, 3]


def test_of_a_governments_single_statements_one_is_enough():
    state = [told(number, ownership=Ownership.STATE) for number in (0, 1, 2)]
    assert len(chosen(8, *state)) == 1
