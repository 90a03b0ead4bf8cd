"""Which sentences of later reports bring what a reader has not had."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.editing.news import News
from tests.builders import article

HAD = article(
    1,
    "Norland drones hit port of Hallow, 6 dead",
    text="Six people died when drones hit the port of Hallow. Talks are to begin in Brill on 9 March, the mayor said.",
)
LATER = article(2, "Envoys meet")


def brings(sentence):
    return News([HAD], [LATER]).brings(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The death toll in Hallow rose to 11",
        "Norland signed the agreement with Sudland",
        "Sudland expelled nine envoys",
        "Drones struck Quillport overnight",
        "The talks are put off until 20 April",
        "The talks in Brill will be held in May",
        "Envoys open the second round of talks",
        "The militia claimed responsibility for it",
        "Norland and Sudland are closing in on a deal",
    ],
)
def test_figures_acts_targets_days_and_phases_are_news(sentence):
    assert brings(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "At least 6 people were killed in Hallow",
        "The union welcomed that Norland had signed it",
        "Envoys said the meeting remains useful",
        "The treaty signed in 1998 counts 4,000 pages",
        "Envoys met, weeks after Sudland expelled nine diplomats",
        "Talks in Brill begin on March 9",
        "The strike was on 4 February",
        "Norland will sign the agreement",
        "Norland did not sign the agreement",
        "Three officials spoke for two hours",
        "Norland attacked Hallow from the sea",
        "Drones of Norland hit Quillport docks of Hallow before dawn, guards said",
    ],
)
def test_what_is_known_planned_welcomed_or_long_past_is_none(sentence):
    assert not brings(sentence)


def test_an_act_in_answer_or_once_more_is_news_though_it_was_done_before():
    had = [article(1, "Norland expels nine envoys", text="Norland expelled nine envoys.")]
    assert not News(had, []).brings("Sudland expels nine envoys")
    assert News(had, []).brings("Sudland expels nine envoys in retaliation")
    assert News(had, []).brings("Norland expels envoys again")


def test_a_deal_that_was_only_mentioned_as_coming_is_news_when_it_is_done():
    had = [article(1, "Treaty is due to expire", text="Before its expiry nobody met.")]
    assert News(had, []).brings("Treaty expires")
    assert not News([article(1, "Sudland mourns the expiry of its treaty")], []).brings("Treaty expires")


@given(st.text(max_size=200))
def test_what_stood_in_an_article_is_never_news(text):
    assert not News([article(1, text, text=text)], [LATER]).brings(text)
