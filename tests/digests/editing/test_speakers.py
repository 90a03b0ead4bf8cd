import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.editing.speakers import spoken


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Norland has received no answer on the treaty — Kremlin", "Kremlin"),
        ("Atmosphere of the talks at Brill is businesslike - source", "source"),
        ("Seventy die in clashes on the northern border: health ministry", "health ministry"),
        ("Sanctions hinder trade between the two states — envoy to UN", "envoy to UN"),
        ("Norland to send observers to the port of Brill: President Low", "President Low"),
        ("Norland and Sudland near a deal on the treaty - Reports", "Reports"),
        ("Freight of Norland fell by a tenth in 2025 - Low", "Low"),
        ("Norland is not interested in a wider war — Medvedev", "Medvedev"),
    ],
)
def test_who_says_it_is_known_where_the_headline_ends_in_him(title, speaker):
    said = spoken(title)
    assert said is not None
    assert (said.speaker, title.startswith(said.words)) == (speaker, True)


@pytest.mark.parametrize(
    "title",
    [
        "Envoys of both states meet in Ankara",
        "Unexplained death at Brill: Police appeal for witnesses",
        "Attack at Brill: Homeland security officers to wear cameras",
        "Two new frigates for the navy of Norland – From Sudland",
        "Latest bulletin of the day from Norland – Morning",
        "Talks at Brill on the treaty - 3",
        "Will the talks at Brill bring peace? — expert",
        "Plot to stop talks: Two arrested with weapons in Brill",
        "Norland plans to remove a spy – Sudland’s Low",
        "Brill is shut — Low",
        "Word of a day - Source",
    ],
)
def test_where_it_is_not_certain_nobody_is_said_to_speak(title):
    assert spoken(title) is None


@given(st.text(alphabet="Ab c—-:’.sN|?1", max_size=60))
def test_statement_and_speaker_stand_in_the_headline(title):
    said = spoken(title)
    if said is not None:
        assert title.startswith(said.words)
        assert title.casefold().endswith(said.speaker.casefold())
