import pytest

from digests.editing.titles import bare, capitalised, plainness, reports, rounds_up, trimmed


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Live: envoys meet in Ankara", "envoys meet in Ankara"),
        ("WATCH: Envoys meet in Ankara", "Envoys meet in Ankara"),
        ("Urgent: Flash: envoys meet", "envoys meet"),
        ("Update 2: envoys meet", "envoys meet"),
        ("[Video] Envoys meet", "Envoys meet"),
        ("Envoys meet in Ankara — TASS", "Envoys meet in Ankara"),
        ("Envoys meet in Ankara (VIDEOS)", "Envoys meet in Ankara"),
        ("No answer yet — Kremlin aide", "No answer yet — Kremlin aide"),
        ("Watch makers strike", "Watch makers strike"),
        ("Treaty of Brill nears its end: Why it matters for fishermen", "Treaty of Brill nears its end"),
        ("Norland downs drone near Brill; is war at hand?", "Norland downs drone near Brill"),
        ("Brill ceasefire: Why it matters", "Brill ceasefire: Why it matters"),
        ("Live:", "Live:"),
    ],
)
def test_what_an_outlet_hangs_on_a_headline_goes(title, expected):
    assert bare(title) == expected


def test_a_plain_statement_beats_every_other_kind_of_headline():
    plain = plainness("Envoys sign a ceasefire for the port of Brill")
    others = [
        "Envoys meet: live updates from Ankara",
        "Press review: envoys meet as markets fall",
        "What is the Brill ceasefire and why does it matter?",
        "Opinion: the ceasefire of Brill will not last",
        "JOHN LOW: The ceasefire of Brill will not last",
        "You won't believe what the envoys signed in Brill!",
        "ENVOYS SIGN CEASEFIRE for the port of Brill",
        "“A good day”, say envoys of the port of Brill",
        "Envoys sign",
    ]
    assert plain == 1
    assert all(plainness(title) < plain for title in others)


@pytest.mark.parametrize(
    "title", ["Press review: talks go on", "Five takeaways from the summit", "Why the talks failed", "Live: talks"]
)
def test_round_ups_comment_and_live_pages_do_not_report(title):
    assert not reports(title)


def test_only_collections_round_up():
    assert rounds_up("Morning briefing: talks go on")
    assert not rounds_up("Talks go on in the morning")


def test_a_speaker_at_the_end_comes_first_and_no_word_is_added():
    assert bare("No answer yet on the treaty — Kremlin aide") == "Kremlin aide: No answer yet on the treaty"
    assert bare("No answer yet on the treaty: source") == "Source: No answer yet on the treaty"


def test_a_trimmed_headline_keeps_its_speaker_where_the_outlet_put_him():
    assert trimmed("URGENT: No answer yet on the treaty — Kremlin aide") == "No answer yet on the treaty — Kremlin aide"


@pytest.mark.parametrize(
    "title",
    [
        "End of the Brill treaty: reaction in Norland and around the world",
        "World reacts to the end of the Brill treaty",
        "4/2: Evening News",
        "Letter from Brill: the envoys’ air of doom",
        "Clerks to testify: Everything that the files of Brill reveal",
        "From quarrel to friendship: the leap of Norland",
        "The story behind the ceasefire of Brill",
        "Singer reacts to the ceasefire of Brill",
        "Will they sign? Envoys meet in Brill on Friday",
        "Thieves left the crown of Brill. Now It Looks Like This.",
        "We stand with Sudland, our stance is considered, envoy of Norland says",
        "This remarkable lighthouse of Brill broke a record",
    ],
)
def test_collections_comment_lures_and_first_persons_do_not_report(title):
    assert not reports(title)


@pytest.mark.parametrize(
    "title",
    [
        "Envoy of Norland says ‘we are ready’ for talks in Brill",
        "Envoys reject the claim that ‘who fires first?’ was asked",
        "Norland and the U.S. sign a treaty on fishing",
    ],
)
def test_a_first_person_or_a_question_inside_a_quotation_is_the_speakers(title):
    assert reports(title)


def test_a_headline_whose_words_all_have_capitals_gives_way_to_one_that_is_written_plainly():
    assert capitalised("Envoys Sign a Ceasefire for the Port of Brill")
    assert not capitalised("Envoys sign a ceasefire for the port of Brill")
    assert plainness("Envoys Sign a Ceasefire for the Port of Brill") < plainness("Envoys sign a ceasefire in Brill")


@pytest.mark.parametrize(
    "title", ["Talks are a farce | Ann Low", "Talks are a farce | Letters", "Brill talks fail | Editorial"]
)
def test_what_stands_in_a_column_is_no_report_and_the_columns_name_goes(title):
    assert not reports(title)
    assert "|" not in bare(title)


def test_an_explanation_behind_a_colon_is_no_report():
    assert not reports("Treaty of Brill nears its end: Why it matters for fishermen")
