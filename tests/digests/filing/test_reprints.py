"""Whose voice an article is: its outlet's own, or one that it repeats."""

import pytest

from digests.filing.reprints import Originals
from digests.filing.sheets import sheet_of
from digests.text.names import Names
from tests.builders import article, outlet

NAMES = Names(())
LONG_TITLE = "Envoys of both republics sign prisoner exchange accord after nine nights of talks in harbour town"
LEAD = (
    "Delegations of the two republics signed an accord on the exchange of forty prisoners in the harbour town of Brill "
    "on Friday night, ending nine days of talks that had twice been broken off over a list of names."
)


def origins(*articles):
    known = Originals()
    return [known.add(each, sheet_of(each, NAMES)) for each in articles]


def by(name, number=1, title="Envoys meet", **of_article):
    return article(number, title, of=outlet(name), **of_article)


def test_an_outlet_that_repeats_nobody_is_its_own_voice():
    assert origins(by("Northern Herald", text=LEAD)) == ["Northern Herald"]


@pytest.mark.parametrize(
    ("title", "text", "origin"),
    [
        ("Envoys meet, no date set - Reuters", "", "Reuters"),
        ("Envoys meet again (AP)", "", "Associated Press"),
        ("Envoys to meet on Monday, according to Axios", "", "Axios"),
        ("Envoys to meet on Monday, Bloomberg reports", "", "Bloomberg"),
        ("TASS: envoys meet in Brill", "", "TASS"),
        ("Envoys meet", "BRILL (AFP) - Envoys met on Friday.", "AFP"),
        ("Envoys meet", "Envoys met on Friday, citing SCMP as its source.", "South China Morning Post"),
        ("Envoys meet", "Envoys met on Friday. (Xinhua)", "Xinhua"),
        ("Envoys meet in Brill: KCNA", "", "KCNA"),
        ("Watch live: BBC News", "", "Northern Herald"),
        ("Envoys Meet in Brill, KCNA Says", "", "KCNA"),
        ("Посланники встретились", "Посланники встретились в Брилле, сообщает ТАСС.", "TASS"),
        ("Посланники встретились", "Об этом сообщает агентство «РИА Новости».", "RIA Novosti"),
        ("Посланці зустрілися", "Посланці зустрілися, пише Reuters.", "Reuters"),
        ("Посланці зустрілися з посиланням на Bloomberg", "", "Bloomberg"),
        ("Посланці зустрілися", "За даними видання Politico, зустріч відбулась.", "Politico"),
        ("特使会面", "据新华社报道，特使周五会面。", "Xinhua"),
        ("特使会面", "新华社布里尔2月4日电 特使周五会面。", "Xinhua"),
        ("特使会面", "特使周五会面。（路透社）", "Reuters"),
        ("Envoys meet in Brill: China state media", "", "Chinese state media"),
        ("Envoys meet in Brill, North Korean state TV reports", "", "North Korean state media"),
        ("Envoys meet in Brill, according to Iran's state-run news agency", "", "Iranian state media"),
        ("Envoys meet in Brill, state media says", "", "state media"),
        ("Envoys mock state media", "", "Northern Herald"),
        ("Посланники осудили ТАСС", "", "Northern Herald"),
        ("Reuters' editor meets envoys", "", "Northern Herald"),
        ("Envoys meet at AP Hill", "", "Northern Herald"),
    ],
)
def test_a_credit_names_the_voice_and_a_mere_mention_does_not(title, text, origin):
    assert origins(by("Northern Herald", title=title, text=text)) == [origin]


def test_the_cited_outlet_goes_by_the_name_under_which_it_is_read_here():
    assert origins(by("BBC", 1), by("Herald", 2, title="Envoys meet, BBC News reports")) == ["BBC", "BBC"]


def test_an_outlet_that_names_itself_and_another_cites_the_other():
    text = "Посланники встретились, сообщает ТАСС со ссылкой на Reuters."
    assert origins(by("TASS", title="Посланники встретились", text=text)) == ["Reuters"]
    alone = "Посланники встретились, передает ТАСС."
    assert origins(by("TASS", title="Посланники встретились", text=alone)) == ["TASS"]


def test_a_copy_of_an_earlier_text_shares_its_voice_even_through_another_copy():
    copies = [by(f"Paper {number}", number, LONG_TITLE, text=LEAD) for number in (1, 2, 3)]
    assert origins(*copies) == ["Paper 1"] * 3


def test_an_outlet_that_repeats_itself_stays_its_own_voice():
    assert origins(by("Herald", 1, LONG_TITLE), by("Herald", 2, LONG_TITLE)) == ["Herald", "Herald"]


def test_short_titles_that_agree_by_chance_are_two_voices():
    assert origins(by("Herald", 1, "Envoys meet again"), by("Post", 2, "Envoys meet again")) == ["Herald", "Post"]


def test_another_telling_of_the_same_event_is_another_voice():
    other = "Forty prisoners to be freed as republics end standoff over names, hosts of Brill negotiations announce"
    assert origins(by("Herald", 1, LONG_TITLE), by("Post", 2, other)) == ["Herald", "Post"]


def test_what_has_left_the_window_is_copied_no_more():
    known = Originals()
    first, second = by("Herald", 1, LONG_TITLE), by("Post", 2, LONG_TITLE)
    known.add(first, sheet_of(first, NAMES))
    assert list(known) == [first.id]
    known.remove([first.id])
    assert known.add(second, sheet_of(second, NAMES)) == "Post"


def test_what_was_decided_at_filing_is_kept():
    known = Originals()
    first, second = by("Herald", 1, LONG_TITLE), by("Post", 2, LONG_TITLE)
    known.add(first, sheet_of(first, NAMES), "AFP")
    assert known.add(second, sheet_of(second, NAMES)) == "AFP"


def test_of_two_copies_one_may_leave_the_window_before_the_other():
    known = Originals()
    copies = [by(f"Paper {number}", number, LONG_TITLE) for number in (1, 2, 3)]
    for each in copies[:2]:
        known.add(each, sheet_of(each, NAMES))
    known.remove([copies[0].id])
    assert known.add(copies[2], sheet_of(copies[2], NAMES)) == "Paper 1"
