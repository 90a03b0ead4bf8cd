import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.editing.quotable import LONGEST, length, quotable, stands_alone
from tests.builders import article


@pytest.mark.parametrize(
    "sentence",
    [
        "Envoys of both states signed a ceasefire on Friday.",
        "“We are ready,” the envoy of Norland told reporters in Ankara.",
        "A man of 40 was killed near the port of Brill.",
        "The president of Norland met envoys in the capital.",
    ],
)
def test_a_whole_sentence_stands_alone(sentence):
    assert stands_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "He signed a ceasefire with the envoys on Friday.",
        "But envoys of both states signed a ceasefire on Friday.",
        "The move came after envoys of both states had met.",
        "“Last year we had many guests from Norland,” she said.",
        "Bloomberg’s Ann Low reports from the port of Brill.",
        "The missile test comes as envoys meet in Ankara.",
        "Envoys of both states met in the U.S. CBS News' Ann Low reports.",
        "CBS News congressional correspondent Ann Low has more.",
        "The criticism followed a raid on the port of Brill.",
        "As talks go on in Ankara, Ann Low reports on their progress.",
        "Meanwhile, envoys of both states met in Ankara again.",
        "Envoys of both states signed a ceasefire on Friday…",
        "Envoys of both states signed a ceasefire on the",
        "Will the envoys of both states sign a ceasefire?",
        "“Envoys of both states signed a ceasefire on Friday.",
        "Envoys of both states told our reporter that they signed.",
        "Envoys signed a ceasefire; sign up for the newsletter.",
        "Envoys met.",
        "Он подписал перемирие с послами обеих стран в пятницу.",
        "Вони підписали перемир’я з послами обох країн у п’ятницю.",
        "word " * (LONGEST + 1),
    ],
)
def test_a_torn_dangling_or_house_sentence_does_not(sentence):
    assert not stands_alone(sentence)


def test_the_last_sentence_of_several_must_be_closed():
    cut = article(text="Envoys of both states met in Ankara on Friday. Norland sent its minister of foreign affairs")
    assert [each.text for each in quotable(cut)] == ["Envoys of both states met in Ankara on Friday."]
    single = article(text="Envoys of both states met in Ankara on Friday to sign a ceasefire")
    assert [each.text for each in quotable(single)] == [single.text]


def test_a_dateline_goes_and_the_rest_stays():
    dated = article(text="ANKARA, Feb. 4 (AFP) — Envoys of both states signed a ceasefire on Friday.")
    assert [each.text for each in quotable(dated)] == ["Envoys of both states signed a ceasefire on Friday."]


def test_without_text_the_title_speaks_if_it_reports():
    (title,) = quotable(article(title="Live: Envoys meet in Ankara on Friday"[6:]))
    assert (title.text, title.place) == ("Envoys meet in Ankara on Friday", -1)
    assert quotable(article(title="What do the envoys want?")) == ()


def test_chinese_is_counted_by_pairs_of_characters():
    assert length("双方举行会谈") == 3
    assert stands_alone("双方代表周五在安卡拉签署了停火协议。")


@given(st.text(alphabet="Ab “”…. TheHe5\n", max_size=120))
def test_every_quotable_sentence_stands_in_its_article(text):
    source = article(title="x", text=text)
    for each in quotable(source):
        quoted = source.text if each.place >= 0 else source.title
        assert "".join(each.text.split()) in "".join(quoted.split())
        assert each.words <= LONGEST
