"""Whose own statement a headline or sentence is; where anybody else may be meant, nobody's."""

from datetime import date

import pytest

from config.gazetteer import load_names, load_speakers
from digests.editing.positions import Speakers
from digests.errors import ConfigurationError

DAY = date(2026, 2, 4)


@pytest.fixture(scope="module")
def speakers():
    names = load_names()
    return Speakers(names, load_speakers(names))


@pytest.mark.parametrize(
    ("text", "side", "speaker"),
    [
        ("Kremlin says there is no date for a meeting", "Russia", "Kremlin"),
        ("Ukraine rejects the new terms of the truce", "Ukraine", "Ukraine"),
        ("Chinese foreign ministry urges both sides to talk", "China", "Chinese foreign ministry"),
        ("French President Macron calls for a summit in spring", "France", "French President Macron"),
        ("US envoy Witkoff said on Monday that talks were good", "US", "US envoy Witkoff"),
        ("Lavrov: no troops will be accepted", "Russia", "Lavrov"),
        ("A new round will be held soon, Zelensky says", "Ukraine", "Zelensky"),
        ("A new round will be held soon, said Zelensky on Tuesday.", "Ukraine", "Zelensky"),
        ("“We agree on nothing”, Rubio said on Friday.", "US", "Rubio"),
        ("Russia rejects the plan, Zelensky says", "Ukraine", "Zelensky"),
        ("A new round will be held soon, according to Kremlin", "Russia", "Kremlin"),
        ("NATO chief warns of a longer war", "NATO", "NATO chief"),
    ],
)
def test_a_statement_is_his_who_makes_it_himself(speakers, text, side, speaker):
    speech = speakers.speech(text, DAY)
    assert speech is not None
    assert (speakers.title(speech.side), speech.speaker) == (side, speaker)


@pytest.mark.parametrize(
    "text",
    [
        "Envoys meet in Ankara",
        "Analyst says the Kremlin is bluffing",
        "Zelensky thinks the truce is dead – Lavrov to reporters",
        "Former US envoy says the plan is dead",
        "Putin ally says the war goes on",
        "Ukraine and Russia say they will meet",
        "Russian media says a deal is near",
        "Kremlin says Trump told Putin of a plan",
        "Ukraine says Russia reportedly left the town",
        "Zelensky agrees, according to the paper, Kremlin says",
        "Harris says the plan is wrong",
        "Russian spokesman for Trump says no",
        "A deal is near, sources say",
        "Geneva says hello to the envoys",
        "",
    ],
)
def test_in_doubt_nobody_speaks(speakers, text):
    assert speakers.speech(text, DAY) is None


def test_speakers_are_those_whom_the_gazetteer_knows(tmp_path):
    names = load_names()
    file = tmp_path / "speakers.toml"
    file.write_text('russia = ["nobody"]\natlantis = ["putin"]\n', encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"russia: there is no name nobody\.\n.*atlantis: there is no name atlantis\."
    ):
        load_speakers(names, file)
    file.write_text('russia = "putin"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError):
        load_speakers(names, file)


@pytest.mark.parametrize(
    ("title", "sides"),
    [
        ("Truce is out of reach — Russian Foreign Ministry", {"russia"}),
        ("Truce is out of reach — Lavrov", {"russia"}),
        ("Zelensky thinks the truce is dead – Lavrov to reporters", {"russia"}),
        ("Trade is growing — Venezuelan embassy in Russia", {"venezuela", "russia"}),
        ("Truce is out of reach — source", set()),
        ("Kremlin says there is no date for a meeting", {"russia"}),
        ("Envoys meet in Ankara", set()),
    ],
)
def test_all_for_whom_a_headline_may_speak(speakers, title, sides):
    assert speakers.sides(title, DAY) == sides


def test_whoever_is_named_is_found_in_any_language(speakers):
    assert speakers.named("Лавров прибыл в Пекин", DAY) >= {"lavrov", "beijing"}


@pytest.mark.parametrize(
    ("title", "persons"),
    [
        ("Truce is out of reach — Russian Foreign Ministry", set()),
        ("Truce is out of reach – Lavrov to reporters", {"Lavrov"}),
        ("Kremlin says there is no date for a meeting", {"Kremlin"}),
        ("Envoys meet in Ankara", set()),
    ],
)
def test_who_speaks_is_told_by_the_headlines_own_words(speakers, title, persons):
    assert speakers.persons(title, DAY) == persons
