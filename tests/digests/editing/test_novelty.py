"""What a reader has had does not come back, unless something is new in it."""

from dataclasses import replace
from datetime import timedelta

from digests.editing.novelty import History
from digests.model.stories import StoryId
from digests.model.topics import TopicSlug
from tests.builders import NOON, article, outlet, story

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


def test_new_words_alone_are_no_update_however_many_outlets_share_them():
    title, text = (
        "Fishermen grumble about Brill ceasefire and the lighthouse",
        "Fishermen of Hallow grumble about the ceasefire and an old lighthouse.",
    )
    assert update(later(2, title, text), later(3, "Lighthouse and ceasefire: fishermen grumble", text)) is None


def test_an_explainer_brings_no_update():
    counted = "Observers counted 340 shells near Hallow lighthouse after nightfall."
    assert update(later(2, "Why the ceasefire of Brill matters", counted)) is None


def test_where_only_a_sentence_is_new_the_known_headline_stands_above_it():
    counted = "Observers counted 340 shells near Hallow lighthouse after nightfall."
    brief = update(later(2, "Ceasefire for Brill signed by envoys", counted))
    assert brief is not None
    assert brief.headline == OLD.title
    assert [sentence.text for sentence in brief.sentences] == [counted]


def test_what_only_touches_the_story_and_not_the_topic_is_no_update():
    told = story(1, OLD, later(2, "Quake kills 40 in Hallow"))
    told = replace(told, matches=told.matches[:1])
    assert History(HAD).update(told, TALKS) is None


def repeats(*titles, past=(OLD,), hours=2):
    new = [article(10 + at, title, published=NOON + timedelta(hours=hours)) for at, title in enumerate(titles)]
    return History(HAD, [story(1, *past)] if past else []).repeats(story(9, *new))


def test_another_story_with_the_matter_of_one_that_was_shown_is_a_repetition():
    assert repeats("Ceasefire for Brill signed by envoys")
    assert repeats("Ceasefire of Brill: envoys sign", "Envoys sign ceasefire for Brill")


def test_another_story_with_other_matter_or_with_news_is_none():
    assert not repeats("Norland scraps forty warheads")
    assert not repeats("Envoys cancel ceasefire for Brill")


def test_after_days_the_same_words_are_of_another_occasion():
    assert not repeats("Ceasefire for Brill signed by envoys", hours=70)


def test_what_is_no_longer_kept_cannot_be_repeated():
    assert not repeats("Ceasefire for Brill signed by envoys", past=())
