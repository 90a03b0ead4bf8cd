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


def affairs(*stories, apart=()):
    return [
        (each.lead.story.id, *(other.story.id for other in (*each.same, *each.beside)))
        for each in spread(rank({TALKS: stories}, NOON), apart)
    ]


def chosen(*stories):
    return [lead for lead, *_ in affairs(*stories)]


def test_every_topic_has_its_first_story_before_any_has_its_second():
    stories = {TALKS: [told(1, by=4), told(2, by=3)], ARMS: [told(3, by=2, topic=ARMS)]}
    assert [each.lead.story.id for each in spread(rank(stories, NOON))] == [1, 3, 2]


def test_a_story_with_nearly_the_same_title_stands_beside_the_weightier_one():
    assert affairs(told(1, by=3), told(2, by=2, title=HEADS[1])) == [(1, 2)]


def test_of_an_affair_three_stories_are_told_and_more_would_say_little():
    alike = [told(number, by=9 - number, title=HEADS[1]) for number in (1, 2, 3, 4)]
    assert affairs(*alike) == [(1, 2, 3)]


def test_a_story_that_the_reader_knows_stands_alone():
    assert affairs(told(1, by=3), told(2, by=2, title=HEADS[1]), apart={1}) == [(1,)]
    assert affairs(told(1, by=3), told(2, by=2, title=HEADS[1]), apart={2}) == [(1,), (2,)]


def test_stories_under_different_topics_are_different_affairs():
    stories = {TALKS: [told(1, by=2, title=HEADS[1])], ARMS: [told(3, topic=ARMS, title=HEADS[1])]}
    assert [len(each.beside) for each in spread(rank(stories, NOON))] == [0, 0]


BEGUN = "Norland and Sudland envoys begin ceasefire talks at Brill"
OVER = "Norland and Sudland envoys wrap up ceasefire talks at Brill"


def test_the_latest_stage_of_an_affair_leads_with_the_earlier_one_beside_it():
    assert affairs(told(1, by=5, title=BEGUN, hours=6), told(2, title=OVER)) == [(2, 1)]


def test_an_earlier_stage_never_leads_and_a_governments_word_for_a_later_one_does_not_either():
    assert affairs(told(1, by=5, title=OVER), told(2, title=BEGUN)) == [(1, 2)]
    state = told(2, title=OVER, ownership=Ownership.STATE)
    assert affairs(told(1, by=5, title=BEGUN, hours=6), state) == [(1, 2)]


def test_what_else_is_said_of_the_same_parties_is_another_affair():
    other = "Norland and Sudland envoys quarrel over grain tariffs at customs union"
    assert affairs(told(1, by=5, title=BEGUN), told(2, title=other)) == [(1,), (2,)]


def test_single_voices_come_only_a_few_times_a_topic():
    assert chosen(told(0), told(1), told(2, by=2), told(3), told(4)) == [2, 0, 1, 3]


def test_of_a_governments_single_statements_one_is_enough():
    state = [told(number, ownership=Ownership.STATE) for number in (0, 1, 2)]
    assert len(chosen(*state)) == 1


def test_half_a_sentence_of_background_in_a_single_voice_makes_no_story_of_the_topic():
    assert order(told(1, score=0.55)) == []
    assert order(told(1, score=0.55, by=2)) == [1]


def test_what_a_single_voice_tells_in_few_common_words_stands_beside_the_fuller_story():
    fuller = told(1, by=5, title="Sudland and Norland envoys to resume ceasefire talks at Brill on Wednesday")
    vague = told(2, title="Next Norland and Sudland ceasefire negotiations set for early February")
    assert affairs(fuller, vague) == [(1, 2)]
