"""Which pages are asked for, and what of one is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.editing.condense import condense, expand
from digests.editing.pages import LONGEST_KEPT, failed, is_about, opening, read, speakers, wanted
from digests.editing.quotable import length
from digests.editing.ranking import Ranked
from digests.model.articles import Page
from digests.model.sources import Ownership
from tests.builders import NOON, article, outlet, story

MINUTE = timedelta(minutes=1)
TOPIC = "ukraine-talks"


def told(number, name, *, text="", title="Envoys of Ukraine meet in Ankara", minutes=0, **of_outlet):
    return article(number, title, text=text, published=NOON + minutes * MINUTE, of=outlet(name, **of_outlet), url=None)


def ids(articles):
    return [each.id for each in articles]


def spoken(*articles, origins=None, feeds=None):
    ranked = Ranked(story=story(1, *articles, origins=origins), topic=TOPIC, weight=1.0)
    return ids(speakers(ranked, feeds if feeds is not None else {each.feed for each in articles}))


# Who speaks


def test_independent_voices_come_before_state_media_and_earlier_ones_before_later():
    state = told(1, "TASS", ownership=Ownership.STATE)
    late, early = told(2, "Herald", minutes=5), told(3, "Courier", minutes=1)
    assert spoken(state, late, early) == [3, 2, 1]


def test_a_voice_speaks_once_and_by_a_text_where_it_has_one():
    first, second = told(1, "Herald"), told(2, "Courier", minutes=1, text="Both sides named a date for another round.")
    assert spoken(first, second, origins=["AP", "AP"]) == [2]
    assert spoken(second, replace(first, published=NOON + 9 * MINUTE), origins=["AP", "AP"]) == [2]
    third = replace(second, id=3, published=NOON + 9 * MINUTE)
    assert spoken(first, second, third, origins=["AP", "AP", "AP"]) == [2]


def test_a_title_alone_speaks_only_for_a_feed_whose_pages_are_read_and_if_it_reports():
    assert spoken(told(1, "Herald"), feeds=()) == []
    assert spoken(told(1, "Herald", title="Live: Ukraine talks in Ankara, as it happened")) == []
    assert spoken(told(1, "Herald", text="Both sides named a date for another round."), feeds=()) == [1]


def test_articles_that_only_share_a_story_with_the_topic_stay_silent():
    on, off = told(1, "Herald"), told(2, "Courier", title="Football club buys a goalkeeper")
    whole = story(1, on, off)
    ranked = Ranked(story=replace(whole, matches=whole.matches[:1]), topic=TOPIC, weight=1.0)
    assert ids(speakers(ranked, {on.feed, off.feed})) == [1]


# Which pages are asked for


def page(number, *, text="", next_check=None, failures=1):
    return Page(article=number, asked=NOON, text=text, failures=failures, next_check=next_check)


def asked(*stories, known=(), now=NOON):
    return ids(wanted(stories, {each.article: each for each in known}, now))


def test_the_first_of_each_story_comes_before_the_second_of_any_and_nobody_twice():
    one = (told(1, "A"), told(2, "B"))
    other = (told(3, "C"), told(1, "A"))
    assert asked(one, other) == [1, 3, 2]


@pytest.mark.parametrize("text", ["", "Envoys of Ukraine meet in Ankara", "Envoys of Ukraine meet in Ankara  Herald"])
def test_whose_feed_says_the_title_alone_is_asked(text):
    assert asked([told(1, "Herald", text=text)]) == [1]


def test_whose_feed_says_more_is_not_and_three_voices_with_a_text_are_enough():
    texts = [told(number, f"Herald {number}", text="Both sides named a date for another round.") for number in (1, 2)]
    bare = [told(number, f"Courier {number}") for number in (3, 4)]
    assert asked([*texts, *bare]) == [3]
    assert asked([*bare, *texts]) == [3, 4]


def test_a_page_that_failed_rests_and_another_voice_is_asked_instead():
    voices = [told(number, f"Herald {number}") for number in (1, 2, 3, 4)]
    resting = page(1, next_check=NOON + MINUTE)
    assert asked(voices, known=[resting]) == [2, 3, 4]
    assert asked(voices, known=[resting], now=NOON + MINUTE) == [1, 2, 3]
    assert asked(voices, known=[page(1)]) == [2, 3, 4]


def test_a_failure_rests_for_half_an_hour_then_two_hours_then_for_good():
    of, now, before, rests = told(1, "Herald"), NOON, None, []
    for _ in range(4):
        before = failed(of, "It answered with status 500.", None, now, before)
        rests.append(before.next_check and before.next_check - now)
    assert rests == [30 * MINUTE, 120 * MINUTE, None, None]
    assert (before.failures, before.problem, before.text) == (4, "It answered with status 500.", "")


@pytest.mark.parametrize(("wish", "rest"), [(MINUTE, 30), (45 * MINUTE, 45), (timedelta(days=9), 24 * 60)])
def test_a_server_may_wish_a_longer_rest_up_to_a_day(wish, rest):
    assert failed(told(1, "Herald"), "Busy.", wish, NOON, None).next_check == NOON + rest * MINUTE


# What is kept

SAID = [
    "Envoys of Ukraine and Russia met in Ankara on Friday for the third time this year.",
    "Turkey's foreign ministry said that both sides agreed on an exchange of 140 prisoners.",
    "Another round is planned in Vienna for the second week of March, three diplomats told reporters in Ankara on Friday.",
    "The envoys left by two doors and answered no questions of reporters in the rain.",
]


def test_the_first_half_is_kept_in_its_paragraphs():
    assert opening("\n".join(SAID)) == "\n\n".join(SAID[:2])
    assert opening(f"{SAID[0]} {SAID[1]}\n{SAID[2]} {SAID[3]}") == f"{SAID[0]} {SAID[1]}"
    assert opening(" ".join(SAID)) == f"{SAID[0]} {SAID[1]}"


def test_lines_that_are_no_sentences_are_left_out():
    around = [
        "Envoys meet in Ankara again",
        "By Ann Other",
        "Photo: AP.",
        SAID[0],
        "The exchange of prisoners in detail",
    ]
    assert opening("\n".join([*around, f"- {SAID[1]}", *SAID[2:]])) == "\n\n".join(SAID[:2])
    assert opening(f"{SAID[0]} {SAID[1]} Ankara, 6 Feb (Own report)\n{SAID[2]} {SAID[3]}") == f"{SAID[0]} {SAID[1]}"


def test_what_cannot_be_seen_or_is_markup_goes():
    assert opening(f"Envoys\u202e of <b>Ukraine</b> met &amp; talked in Ankara.\n{SAID[0]}") == (
        "Envoys of Ukraine met & talked in Ankara."
    )


def test_of_a_long_text_only_what_fits_and_no_torn_sentence():
    assert 1_500 < len(opening("\n".join(SAID * 100))) <= LONGEST_KEPT
    one_paragraph = opening(" ".join(SAID * 100))
    assert 1_500 < len(one_paragraph) <= LONGEST_KEPT
    assert one_paragraph.endswith(".")


@pytest.mark.parametrize("text", ["", "\n\n", SAID[0], "word " * 3_000 + "ends."])
def test_of_a_single_sentence_nothing_is_kept(text):
    assert opening(text) == ""


def test_a_text_on_something_else_is_no_text_of_the_article():
    of = told(1, "Herald", title="Football club of Lisbon buys a goalkeeper")
    found = read(of, "\n".join(SAID), NOON, None)
    assert (found.text, found.problem) == ("", "Its text is not about what the title says.")
    assert read(of, "Subscribe now", NOON, None).problem == "It holds no text of an article."


def test_a_page_that_was_read_after_failures_is_as_good_as_any():
    of = told(1, "Herald")
    found = read(of, "\n".join(SAID), NOON, page(1, failures=2))
    assert found == Page(article=1, asked=NOON, text="\n\n".join(SAID[:2]))


def test_a_title_without_words_of_its_own_announces_anything():
    assert is_about("What is it?", "Envoys met.")


# What is sent

WORDS = st.sampled_from(
    [
        "envoys",
        "Ukraine",
        "talks",
        "prisoners",
        "exchange",
        "Vienna",
        "ceasefire",
        "drones",
        "grain",
        "ministry",
        "said",
        "140",
    ]
)
SENTENCES = st.lists(WORDS, min_size=6, max_size=30).map(lambda words: f"The {' '.join(words)}.")
PAGES = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=8).map("\n".join)


@given(PAGES, st.booleans())
@settings(deadline=None)
def test_no_page_is_ever_sent_whole(text, with_another):
    """Two sentences and 60 words of an article at most, four and 120 on demand, and never more than half of a page."""
    kept = replace(told(1, "Herald"), text=opening(text))
    others = (
        (told(2, "Courier", text="Kyiv and Moscow named a date for another round in Geneva."),) if with_another else ()
    )
    brief = condense(story(1, kept, *others), TOPIC)
    for sentences, most, words in ((brief.sentences, 2, 60), (expand(brief), 4, 120)):
        own = [each.text for each in sentences if each.article == kept.id and each.text != kept.title]
        assert len(own) <= most
        assert sum(map(length, own)) <= min(words, length(text) // 2)
        assert all(each in text for each in own)


def test_a_digest_says_sentences_of_the_page_and_whose_they_are():
    kept = replace(told(1, "Herald"), text=opening("\n".join(SAID)))
    brief = condense(story(1, kept), TOPIC)
    assert {each.text for each in brief.sentences} <= set(SAID[:2])
    assert {each.speaker for each in brief.sentences} == {"Herald"}
