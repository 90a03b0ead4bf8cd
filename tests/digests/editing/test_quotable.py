import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.editing.quotable import LONGEST, length, original, quotable, stands_alone
from tests.builders import article


@pytest.mark.parametrize(
    "sentence",
    [
        "Envoys of both states signed a ceasefire on Friday.",
        "“We are ready,” the envoy of Norland told reporters in Ankara.",
        "A man of 40 was killed near the port of Brill.",
        "xCable said on Friday that it lays lines to Brill.",
        "The president of Norland met envoys in the capital.",
        "Adams said he would sign the order of the port on Friday.",
        "After he had signed the ceasefire, Low met the envoys of Sudland.",
        "Envoys said there were no boats left in the port of Brill.",
        "The port of Brill was opened this week by Ann Low.",
        "Envoys signed pacts on trade such as the one of Brill.",
        "“We take these talks for such a success,” the envoy of Norland said in Ankara.",
        "‘We will sign,’ the envoy of Norland told reporters in Ankara.",
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
        "“Not guns. Not walls. Not the harbour of Brill.”",
        "“We sign the ceasefire of Brill on Friday,” he said",
        "in question on behalf of the port of Brill signed it.",
        "Ann Low contributes criticism and coverage to a variety of papers.",
        "Mark Hall of the Brill Institute joined Ann Low to discuss.",
        "Envoys met.",
        "Plus, Ann Low sits with the envoys of both states on Friday.",
        "Featuring Ann Low, Mark Hall and the envoys of both states.",
        "Videos show him on his way to the port of Brill.",
        "On Friday, he signed a ceasefire with the envoys of Norland.",
        "Born in Brill to two envoys, she moved to Norland as a child.",
        "Despite the rules of Brill, he has met the envoys before.",
        "While he spoke of peace, the court of Brill shut the port.",
        "Envoys of Norland will go on with these talks on Friday.",
        "Pensioners of Norland will receive this payment on Friday.",
        "Screens in Brill were filled with such pictures on Friday.",
        "Sudland said that eleven of the wounded would be treated there.",
        "Envoys of both states met on Friday, and the latter was late.",
        "The results show a fall of trade in the port of Brill.",
        "‘We are ready to sign, the envoy of Norland told reporters in Ankara.",
        "Ann O’Hall reports more on how the envoys met in Brill.",
        "Bloomberg’s guest breaks down the state of the talks in Brill.",
        "Answers of Ann Low to the Herald, edited for clarity and length.",
        "Find out which envoys of both states met on Friday.",
        "Use the promo code BRILL for the match of both states.",
        "Envoys of both states met on Friday — Ann Low (@annlow).",
        "Envoys of both states met on Friday pic.twitter.com/abc in Brill.",
        "Envoys of both states met on Friday. Read more",
        "Photo by Ann Low of the envoys of both states in Brill.",
        "The post Envoys meet in Brill appeared first on Northern Herald.",
        "Envoys of both states signed a ceasefire on Friday [...]",
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


def test_captions_columnists_and_lists_are_not_quoted():
    for text in (
        "FILE - Envoys of both states meet in Ankara on Friday.",
        "ANN LOW IN BRILL: The ceasefire of Brill is a fraud.",
        "TALKS AT BRILL AND MORE SHOWS CALLED OFF With the new year the envoys go home.",
        "Minister says peace is near * Bishop of Hallow says it is not.",
    ):
        assert all(each.place < 0 for each in quotable(article(text=text)))


def test_a_heading_before_the_text_is_no_sentence_of_it():
    headed = article(text="Envoys meet as guns fall silent in Brill\n\nEnvoys of both states met in Ankara on Friday.")
    assert [each.text for each in quotable(headed)] == ["Envoys of both states met in Ankara on Friday."]


def test_what_stands_inside_a_quotation_of_several_sentences_is_not_the_outlets_word():
    quoting = article(
        text="Low spoke on Friday in Brill of the port. “We go on. The judge of Norland is much respected by all. "
        "Brill will be rebuilt by its own people. Norland will pay for all of the harbour. Sudland knows that full well. "
        "Hallow will stay shut for the winter.” Envoys of both states left Ankara on Saturday."
    )
    assert [each.text for each in quotable(quoting)] == [
        "Low spoke on Friday in Brill of the port.",
        "Envoys of both states left Ankara on Saturday.",
    ]


def test_a_quotation_that_never_closes_silences_what_follows():
    torn = article(text="Low spoke. “We go on. The judge of Norland is much respected by all. Nobody of Brill")
    assert all(each.place < 0 for each in quotable(torn))


def test_of_a_collection_only_nothing_is_quoted():
    evening = article(title="4/2: Evening News", text="Envoys of both states met in Ankara on Friday.")
    assert quotable(evening) == ()


def test_the_original_is_the_sentence_before_anything_was_left_out_or_the_title():
    dated = article(
        title="Envoys sign", text="ANKARA (AFP) — Envoys of both states signed a ceasefire on Friday. They left."
    )
    assert original(dated, "Envoys of both states signed a ceasefire on Friday.") == (
        "ANKARA (AFP) — Envoys of both states signed a ceasefire on Friday."
    )
    assert original(article(title="Treaty is dead, no word yet — envoy"), "Envoy: Treaty is dead, no word yet") == (
        "Treaty is dead, no word yet — envoy"
    )


def test_a_dateline_goes_and_the_rest_stays():
    dated = article(text="ANKARA, Feb. 4 (AFP) — Envoys of both states signed a ceasefire on Friday.")
    assert [each.text for each in quotable(dated)] == ["Envoys of both states signed a ceasefire on Friday."]


def test_without_text_the_title_speaks_if_it_reports():
    (title,) = quotable(article(title="Live: Envoys meet in Ankara on Friday"[6:]))
    assert (title.text, title.place) == ("Envoys meet in Ankara on Friday", -1)
    for nothing in (
        "What do the envoys want?",
        "He signs the ceasefire of Brill on Friday",
        "Read more: envoys meet in Ankara",
    ):
        assert quotable(article(title=nothing)) == ()


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
