import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.sentences import balanced, quotation_open, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("   ", ()),
        ("One thing happened. Another followed!", ("One thing happened.", "Another followed!")),
        ("The U.S. Navy sailed. It met nobody.", ("The U.S. Navy sailed.", "It met nobody.")),
        ("Envoys flew to the U.S. The talks go on.", ("Envoys flew to the U.S.", "The talks go on.")),
        ("Talks open on Feb. 4 in Ankara. Nobody spoke.", ("Talks open on Feb. 4 in Ankara.", "Nobody spoke.")),
        ("Talks end in Feb. The envoys left.", ("Talks end in Feb.", "The envoys left.")),
        ("Gen. Ivan Petrenko spoke. Mr. Low listened.", ("Gen. Ivan Petrenko spoke.", "Mr. Low listened.")),
        ("J. R. Smith and A. Low met.", ("J. R. Smith and A. Low met.",)),
        ("It rose 3.5 percent. Prices fell.", ("It rose 3.5 percent.", "Prices fell.")),
        ("Who mediates? Qatar does.", ("Who mediates?", "Qatar does.")),
        ("They met at 9 a.m. in Oslo.", ("They met at 9 a.m. in Oslo.",)),
        ("“Stop. Go home,” he said. Nobody did.", ("“Stop. Go home,” he said.", "Nobody did.")),
        ('"Stop. Go home," he said. Nobody did.', ('"Stop. Go home," he said.', "Nobody did.")),
        ("“We agreed.” The room rose.", ("“We agreed.”", "The room rose.")),
        (
            "He called it “a start. Nobody agreed. It rained.",
            ("He called it “a start.", "Nobody agreed.", "It rained."),
        ),
        ("Wait… and see. Good.", ("Wait… and see.", "Good.")),
        (
            "Переговоры прошли 4 февраля 2026 г. в Анкаре. Стороны разошлись.",
            ("Переговоры прошли 4 февраля 2026 г. в Анкаре.", "Стороны разошлись."),
        ),
        (
            "Ген. Петров прибыл. «Мы готовы. Очень», — сказал он.",
            ("Ген. Петров прибыл.", "«Мы готовы. Очень», — сказал он."),
        ),
        ("Зустріч тривала 5 год. Її провели у м. Київ.", ("Зустріч тривала 5 год.", "Її провели у м. Київ.")),
        ("双方举行会谈。会谈持续两小时！", ("双方举行会谈。", "会谈持续两小时！")),
        ("他说：“我们同意。”随后离开。", ("他说：“我们同意。”", "随后离开。")),
        ("Both use pictures of Brill. xAI sells them.", ("Both use pictures of Brill.", "xAI sells them.")),
        (
            "Dr. Low, Gov. Hall and St. John met. Nobody spoke.",
            ("Dr. Low, Gov. Hall and St. John met.", "Nobody spoke."),
        ),
        (
            "Talks open on Sept. 30 vs. Hall’s wish. No. 7 left.",
            ("Talks open on Sept. 30 vs. Hall’s wish.", "No. 7 left."),
        ),
        ("The E.U. and U.N. met. The U.K. did not.", ("The E.U. and U.N. met.", "The U.K. did not.")),
        (
            "Проф. Гай и акад. Лой живут на ул. Мира. «Это так. Да», — сказал Гай.",
            ("Проф. Гай и акад. Лой живут на ул. Мира.", "«Это так. Да», — сказал Гай."),
        ),
        (
            "Ціна — 3 млн. грн. за тонну. За даними ст. 5, це багато.",
            ("Ціна — 3 млн. грн. за тонну.", "За даними ст. 5, це багато."),
        ),
        ("Ген. Лой приїхав о 9 год. ранку. Він мовчав.", ("Ген. Лой приїхав о 9 год. ранку.", "Він мовчав.")),
        ("会谈于2月4日举行。“我们同意。是的。”他说。", ("会谈于2月4日举行。", "“我们同意。是的。”", "他说。")),
        ("No. 10 said nothing. J. K. Hall Jr. left.", ("No. 10 said nothing.", "J. K. Hall Jr. left.")),
        ("He lives in Washington, D.C. She lives in Brill.", ("He lives in Washington, D.C.", "She lives in Brill.")),
        ("He left at 3 p.m. Friday. It rained.", ("He left at 3 p.m. Friday.", "It rained.")),
        ("Lt. Gen. A. Low left. U.S. Army Sgt. Hall stayed.", ("Lt. Gen. A. Low left.", "U.S. Army Sgt. Hall stayed.")),
        ("“Wait… what?” she asked. It ended...", ("“Wait… what?” she asked.", "It ended...")),
        (
            "Завод им. Ленина выпустил 3 тыс. тонн. По словам министра, это рекорд.",
            ("Завод им. Ленина выпустил 3 тыс. тонн.", "По словам министра, это рекорд."),
        ),
        (
            "Зустріч була 4 лютого 2026 р. Про це повідомив ім. Гай.",
            ("Зустріч була 4 лютого 2026 р.", "Про це повідомив ім. Гай."),
        ),
        ("Встреча прошла в 2026 г. в г. Брилль на р. Волга.", ("Встреча прошла в 2026 г. в г. Брилль на р. Волга.",)),
        ("美国表示：“我们同意。”随后结束！谁胜？", ("美国表示：“我们同意。”", "随后结束！", "谁胜？")),
        ("A first paragraph\n\nA second one.", ("A first paragraph", "A second one.")),
        ("It cost 5 mln. Nobody paid (yet). End", ("It cost 5 mln.", "Nobody paid (yet).", "End")),
    ],
)
def test_text_is_cut_where_a_reader_would(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "whole"),
    [("“Yes,” he said", True), ("“Yes, he said", False), ('"Yes', False), ("(a) [b] «c»", True), ("(a", False)],
)
def test_balanced_tells_whether_marks_close(text, whole):
    assert balanced(text) is whole


@pytest.mark.parametrize(
    "text",
    [
        "“We will go",
        'He said: "we will go. They know',
        "«Мы идём. Они",
        "„Ми йдемо",
        "‘We will go",
        "'We will go",
        "“Yes.” He added: “no",
        'Low ("we will go',
    ],
)
def test_a_quotation_that_does_not_close_stands_open(text):
    assert quotation_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "“We will go,” he said",
        'He said: "we will go."',
        "«Мы идём»",
        "„Ми йдемо“",
        "‘We will go’, he said",
        "the envoys’ talks in the '90s",
        "It isn't Low's",
        "“Yes.” “No.”",
        "“The envoys’ talks failed,” he said",
    ],
)
def test_a_quotation_that_closes_and_an_apostrophe_leave_nothing_open(text):
    assert not quotation_open(text)


def test_an_apostrophe_closes_no_quotation_in_double_marks():
    assert quotation_open("“The envoys’ talks failed")


@given(st.text(alphabet='aB Ж。.!?…"“”«»() \n5', max_size=80))
def test_nothing_is_lost_and_nothing_is_added(text):
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(each == each.strip() and each for each in found)
