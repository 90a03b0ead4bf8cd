"""What a reader has had does not come back, unless something is new in it."""

from digests.editing.novelty import History
from digests.model.stories import StoryId
from digests.model.topics import TopicSlug
from tests.builders import article, outlet, story

TALKS = TopicSlug("ukraine-talks")
OLD = article(
    1,
    "Envoys sign ceasefire for Brill",
    text="Envoys of Norland signed a ceasefire for Brill on Friday.",
    of=outlet("Herald"),
)
HAD = {StoryId(1): frozenset({OLD.id})}


def later(number, title, text="", name=None):
    return article(number, title, text=text, of=outlet(name or f"Paper {number}"))


def update(*new):
    return History(HAD).update(story(1, OLD, *new), TALKS)


def test_a_story_is_known_by_its_number_or_by_its_articles():
    history = History(HAD)
    assert history.knows(story(1, later(5, "Envoys sign")))
    assert history.knows(story(9, OLD))
    assert not history.knows(story(9, later(5, "Envoys sign")))


def test_another_outlet_with_the_same_news_is_no_update():
    assert (
        update(later(2, "Ceasefire for Brill signed by envoys", "Envoys signed a ceasefire for Brill on Friday."))
        is None
    )


def test_nothing_later_is_no_update():
    assert update() is None


def test_a_new_figure_is_an_update_told_by_the_later_report_alone():
    brief = update(
        later(
            2,
            "Brill ceasefire broken as 340 shells hit Hallow lighthouse",
            "Observers counted 340 shells near Hallow lighthouse after nightfall.",
        )
    )
    assert brief is not None
    assert brief.update
    assert {sentence.article for sentence in brief.sentences} <= {2}
    assert brief.headline == "Brill ceasefire broken as 340 shells hit Hallow lighthouse"
    assert len(brief.reports) == 2


def test_a_new_word_of_one_voice_is_not_enough_without_a_figure_and_of_two_it_is():
    title, text = (
        "Fishermen boycott Brill ceasefire over lighthouse quarrel",
        "Fishermen of Hallow boycott the ceasefire over a lighthouse quarrel.",
    )
    assert update(later(2, title, text)) is None
    assert (
        update(later(2, title, text), later(3, "Lighthouse quarrel: fishermen boycott ceasefire of Brill", text))
        is not None
    )


def test_where_only_a_sentence_is_new_the_known_headline_stands_above_it():
    brief = update(
        later(
            2,
            "Why the ceasefire of Brill matters",
            "Observers counted 340 shells near Hallow lighthouse after nightfall.",
        )
    )
    assert brief is not None
    assert brief.headline == OLD.title
    assert [sentence.text for sentence in brief.sentences] == [
        "Observers counted 340 shells near Hallow lighthouse after nightfall."
    ]
