"""How an article's score comes about, on small invented topics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.filing.relevance import Relevance
from digests.model.topics import Side, Term, Topic, TopicSlug
from tests.builders import article


def term(name, *aliases, weight=1.0):
    return Term(name=name, aliases=aliases or (name,), weight=weight)


def topic(slug="ferry", **changes):
    parts = {
        "sides": (
            Side(name="island", terms=(term("Sark"), term("Alderney"))),
            Side(name="act", terms=(term("ferry", "ferry", "ferries"), term("boat", weight=0.6))),
        ),
        "contexts": (term("fishing", weight=0.8),),
        "hidden": ("Sark Lane",),
    }
    parts |= changes
    return Topic(slug=TopicSlug(slug), title=slug, line="", background="", questions=(), **parts)


def match(title, text="", **changes):
    return next(iter(Relevance([topic(**changes)]).match(article(1, title, text=text))), None)


def test_both_sides_in_the_title_belong_and_the_reason_names_them():
    found = match("Sark gets a new ferry")
    assert (found.score, found.why) == (1.0, "Sark + ferry in the title")


@pytest.mark.parametrize("title", ["Sark gets a new bakery", "A new ferry for Jersey", ""])
def test_one_side_alone_does_not_belong(title):
    assert match(title) is None


def test_a_weaker_term_gives_a_lower_score():
    assert match("Sark boat sinks").score == pytest.approx(0.6)


def test_mentions_far_apart_count_less():
    assert match("Sark " + "and so on " * 15 + "ferry").score < match("Sark ferry").score


def test_a_match_in_the_text_needs_a_side_in_the_title():
    text = "The weather was bad. The ferry to Sark was late."
    found = match("Council news from Sark", text)
    assert (found.score, found.why) == (0.9, "Sark + ferry in the text")
    assert match("Council news", text) is None


def test_sides_meet_across_title_and_first_sentences_only():
    found = match("News from Sark", "The ferry was late.")
    assert (found.score, found.why) == (0.65, "Sark + ferry in the title and text")
    assert match("News from Sark", "One thing. Another thing. The ferry was late.") is None


def test_a_context_weakens_fully_where_it_leads_and_half_where_it_follows():
    assert match("Fishing row over Sark ferry") is None
    assert match("Fishing row over Sark ferry", contexts=(term("fishing", weight=2), term("row", weight=2))) is None
    assert match("Sark ferry rams fishing boat").score == pytest.approx(0.6)


def test_a_title_that_says_it_all_is_not_weakened_by_its_text():
    assert match("Sark ferry sails", "The ferry was late.").score == 1.0


def test_a_context_counts_once_however_often_it_stands():
    assert match("Sark ferry rams fishing boat on fishing day").score == pytest.approx(0.6)


def test_a_context_in_another_sentence_of_the_text_does_not_weaken():
    assert match("Sark", "The Sark ferry sails. Fishing is poor.").score == 0.9


def test_a_context_in_the_title_weakens_more_what_stands_in_the_text_alone():
    assert match("Fishing on Sark", "The Sark ferry sails.", contexts=(term("fishing", weight=0.4),)) is None
    assert match("Sark", "For fishing the Sark ferry sails.", contexts=(term("fishing", weight=0.4),)).score == 0.54


def test_a_context_inside_the_evidence_does_not_weaken():
    assert match("Sark ferry", contexts=(term("ferry", weight=0.9),)).score == 1.0


def test_a_hidden_phrase_hides_what_stands_in_it():
    assert match("Ferry office in Sark Lane closes") is None
    assert match("Ferry office in Sark Lane, on Sark, closes") is not None


def test_an_anchor_is_enough_alone_even_without_sides():
    found = match("Channel crossing reopens", sides=(), anchors=(term("crossing", "Channel crossing"),))
    assert (found.score, found.why) == (1.0, "crossing in the title")


def test_a_strong_anchor_resists_contexts():
    anchors = (term("crossing", "Channel crossing", weight=2.5),)
    assert match("Fishing boats at Channel crossing", anchors=anchors).score == pytest.approx(0.5)


def test_one_mention_cannot_stand_for_two_sides():
    both = (Side(name="one", terms=(term("Sark"),)), Side(name="two", terms=(term("Sark"),)))
    assert match("Sark", sides=both) is None
    assert match("Sark of Sark", sides=both) is not None


def test_another_combination_of_sides_is_enough_too():
    also = ((Side(name="harbour", terms=(term("harbour"),)), Side(name="act", terms=(term("dredging"),))),)
    found = match("Harbour closed for dredging", also=also)
    assert (found.score, found.why) == (1.0, "harbour + dredging in the title")
    assert match("Sark harbour closed", also=also) is None


def test_a_round_up_counts_less_than_half():
    assert match("Press review: Sark boat sinks") is None


@pytest.mark.parametrize("title", ["Sark ferry; rain in Jersey; a new mill", "Sark ferry；rain；mill"])
def test_a_title_that_lists_is_a_round_up(title):
    assert match("Sark ferry; rain in Jersey").score == 1.0
    assert match(title) is None


def test_the_best_topic_comes_first():
    topics = [topic("boats", sides=(Side(name="boat", terms=(term("boat", weight=0.7),)),)), topic("ferry")]
    found = Relevance(topics).match(article(1, "Sark ferry meets boat"))
    assert [each.topic for each in found] == ["ferry", "boats"]


def test_endless_repetition_costs_little():
    assert match("Sark ferry " * 2_000).score == 1.0


@given(st.text(alphabet="Sark fery.bot ,\n", max_size=200), st.text(max_size=200))
def test_every_score_lies_between_the_least_and_one(title, text):
    for found in Relevance([topic()]).match(article(1, title, text=text)):
        assert 0.5 <= found.score <= 1
        assert found.why
