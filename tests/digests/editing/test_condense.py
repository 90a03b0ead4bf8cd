"""A story becomes a brief: whose headline, which sentences."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from digests.editing.condense import condense, expand
from digests.editing.quotable import original
from digests.editing.selection import ROOMS, Room
from digests.model.sources import Ownership
from digests.model.stories import Length
from digests.model.topics import TopicSlug
from digests.text.sentences import sentences
from tests.builders import NOON, article, outlet, story

TALKS = TopicSlug("ukraine-talks")
TASS = outlet("TASS", "RU", Ownership.STATE)
SPUTNIK = outlet("Sputnik", "RU", Ownership.STATE)
UNSURE = outlet("Front Lines", "RU", Ownership.UNCLEAR)
LEAD = "Envoys of Norland and Sudland signed a ceasefire for the port of Brill on Friday."
TERMS = "The ceasefire covers forty square kilometres and is to begin at midnight on Sunday."
HOSTS = "Austrian hosts said that both delegations would return to Vienna in the second week of March."


def by(number, title, text="", of=None, **more):
    return article(number, title, text=text, of=of or outlet(f"Paper {number}"), **more)


def told(*reports, **more):
    return condense(story(1, *reports), TALKS, **more)


def test_the_headline_is_an_independent_outlets_even_where_state_media_wrote_more():
    brief = told(
        by(1, "Ceasefire signed for the port of Brill", of=TASS),
        by(2, "Envoys sign ceasefire for the port of Brill", of=SPUTNIK),
        by(3, "Norland and Sudland sign ceasefire for Brill"),
    )
    assert (brief.headline, brief.headline_by) == ("Norland and Sudland sign ceasefire for Brill", None)


def test_where_only_state_media_report_the_outlet_is_named_in_front():
    brief = told(by(1, "Ceasefire signed for the port of Brill", of=TASS))
    assert (brief.headline, brief.headline_by) == ("Ceasefire signed for the port of Brill", "TASS")


def test_an_outlet_that_passes_on_a_state_agency_speaks_for_it():
    passed_on = story(1, by(1, "Ceasefire signed for the port of Brill"), origins=["TASS"])
    assert condense(passed_on, TALKS).headline_by == "Paper 1"


def test_an_unclear_outlet_leads_only_where_no_independent_does_and_is_named():
    lone = told(by(1, "Ceasefire signed for the port of Brill", of=UNSURE), by(2, "Brill ceasefire signed", of=TASS))
    assert lone.headline_by == "Front Lines"


def test_a_speaker_comes_first_unless_the_outlets_name_stands_there():
    title = "No answer yet on the harbour of Brill — envoy"
    assert told(by(1, title)).headline == "Envoy: No answer yet on the harbour of Brill"
    stated = told(by(1, title, of=TASS))
    assert (stated.headline_by, stated.headline) == ("TASS", title)


def test_a_headline_loses_what_outlets_hang_on_it():
    assert (
        told(by(1, "LIVE: Envoys sign ceasefire for Brill — TASS", of=TASS)).headline
        == "Envoys sign ceasefire for Brill"
    )


def test_a_plain_statement_is_preferred_to_a_question_or_a_live_page():
    brief = told(
        by(1, "What does the Brill ceasefire mean?"),
        by(2, "Brill ceasefire live updates"),
        by(3, "Envoys sign Brill ceasefire on Friday"),
    )
    assert brief.headline == "Envoys sign Brill ceasefire on Friday"


def test_sentences_are_whole_name_their_outlet_and_do_not_repeat_each_other():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill", f"{LEAD} {TERMS}"), by(2, "Brill ceasefire signed", f"{LEAD} {HOSTS}")
    )
    texts = [sentence.text for sentence in expand(brief)]
    assert sorted(texts) == sorted([LEAD, TERMS, HOSTS])
    assert brief.sentences
    for sentence in (*brief.sentences, *expand(brief)):
        assert sentence.speaker == f"Paper {sentence.article}"


def test_state_media_do_not_open_the_sentences_where_an_independent_outlet_reports():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill", LEAD), by(2, "Brill ceasefire signed", f"{TERMS} {HOSTS}", of=TASS)
    )
    assert brief.sentences[0].speaker == "Paper 1"


def test_titles_alone_say_only_what_they_add():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill"),
        by(2, "Ceasefire signed by envoys for Brill"),
        by(3, "Brill ceasefire to cover 140 fishing boats and Hallow lighthouse"),
    )
    assert [sentence.article for sentence in brief.sentences] == [3]


def test_nothing_is_added_where_nothing_is_new():
    assert told(by(1, "Envoys sign ceasefire for Brill"), by(2, "Ceasefire for Brill signed by envoys")).sentences == ()


def test_english_is_preferred_and_another_language_is_better_than_nothing():
    ukrainian = replace(by(1, "Делегації підписали перемир’я у порту Брілль"), language="uk")
    assert told(ukrainian).headline == "Делегації підписали перемир’я у порту Брілль"
    assert told(ukrainian, by(2, "Envoys sign ceasefire for Brill")).headline == "Envoys sign ceasefire for Brill"


def test_a_report_beside_the_topic_neither_heads_nor_speaks():
    stray = by(
        2, "Storm floods the harbour of Hallow", "A storm flooded the harbour of Hallow and cut power to 9,000 homes."
    )
    mixed = story(1, by(1, "Envoys sign ceasefire for Brill", LEAD), stray)
    mixed = replace(mixed, matches=mixed.matches[:1])
    brief = condense(mixed, TALKS)
    assert brief.headline == "Envoys sign ceasefire for Brill"
    assert {sentence.article for sentence in brief.sentences} <= {1}
    assert [report.article.id for report in brief.reports] == [1]
    assert (brief.lead, brief.independent_outlets) == (1, 1)


def test_another_statement_of_the_same_speaker_neither_heads_nor_speaks():
    told = by(1, "Norland favours ceasefire for Brill — foreign ministry", LEAD, of=TASS)
    stray = by(2, "Storm season worries harbour towns — foreign ministry", "A storm flooded the harbour.", of=SPUTNIK)
    mixed = story(1, told, stray)
    brief = condense(replace(mixed, matches=mixed.matches[:1]), TALKS)
    assert [report.article.id for report in brief.reports] == [1]


def test_where_no_report_is_said_to_match_all_of_them_tell():
    unmatched = replace(story(1, by(1, "Envoys sign ceasefire for Brill", LEAD)), matches=())
    assert condense(unmatched, TALKS).headline == "Envoys sign ceasefire for Brill"


def test_a_title_in_other_words_of_the_same_sense_is_not_added():
    brief = told(
        by(1, "Norland frees 40 prisoners at Hallow crossing beside Brill harbour wall"),
        by(2, "Norland: 40 prisoners freed at Hallow crossing beside Brill harbour wall, foghorn audible"),
    )
    assert brief.sentences == ()


def test_more_tells_up_to_ten_sentences():
    numbered = [
        f"Observer group number {n} counted {n * 13} lorries near {place} before the crossing was closed."
        for n, place in enumerate(
            (
                "Ankara",
                "Vienna",
                "Doha",
                "Oslo",
                "Rome",
                "Lisbon",
                "Athens",
                "Geneva",
                "Sofia",
                "Riga",
                "Minsk",
                "Baku",
            ),
            3,
        )
    ]
    reports = [by(n, f"Observers count lorries near crossing {n}", text) for n, text in enumerate(numbered, 1)]
    brief = told(*reports)
    more = expand(brief)
    assert len(brief.sentences) <= 3 < len(more) <= 10


def test_short_is_one_sentence_and_long_tells_more_than_normal():
    reports = [by(1, "Envoys sign ceasefire for Brill", f"{LEAD} {TERMS}"), by(2, "Brill ceasefire signed", HOSTS)]
    counts = [len(told(*reports, room=ROOMS[length]).sentences) for length in (Length.SHORT, Length.LONG)]
    assert counts[0] == 1 < counts[1]


BEARING = re.compile(
    r"\b(?:not|no|never|if|unless|may|might|could|would|will|was to|reportedly|allegedly|denies|claims|said|says?|\d+ (?:march|boats|guards)|"
    r"friday|sunday|midnight|march|before)\b|[“”]"
)
TITLES = st.sampled_from(
    [
        "Envoys sign ceasefire number {n}",
        "No answer yet on lighthouse {n} of Brill — Kremlin",
        "Ceasefire {n} could reportedly fail, 40 guards of Hallow say",
        "LIVE: Norland denies plan {n} for the harbour of Sudland (VIDEO)",
        "It is over: {n} boats leave",
    ]
)
WORDS = st.sampled_from(
    [
        LEAD,
        TERMS,
        HOSTS,
        "He said so.",
        "HALLOW, Feb. 4 (AFP) — Ann Low, 45, was named envoy of Norland to the Brill Port Council (BPC).",
        "Meanwhile, Mark Hall, who leads Sudland, said that 12 boats were not allegedly lost on 3 March.",
        "But the 40 guards of Hallow, Gen. Low said, “will not leave” before March.",
        "No date was set for talks in the U.S. or in Brill.",
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(TITLES, st.lists(WORDS, max_size=5)), min_size=1, max_size=4), st.integers(10, 80))
def test_every_word_stands_in_its_article_none_that_bears_on_it_is_lost_and_the_bounds_are_kept(texts, words):
    reports = [
        by(n, title.format(n=n), " ".join(rows), published=NOON - timedelta(minutes=n))
        for n, (title, rows) in enumerate(texts, 1)
    ]
    brief = told(*reports, room=Room(sentences=3, words=words))
    by_id = {each.id: each for each in reports}
    assert sum(len(sentence.text.split()) for sentence in brief.sentences) <= words
    for sentence in (*brief.sentences, *expand(brief)):
        source = by_id[sentence.article]
        words_of_it = original(source, sentence.text)
        assert words_of_it in (source.title, *sentences(source.text))
        assert Counter(re.findall(r"\w+", sentence.text.casefold())) <= Counter(
            re.findall(r"\w+", words_of_it.casefold())
        )
        assert Counter(BEARING.findall(sentence.text.casefold())) == Counter(BEARING.findall(words_of_it.casefold()))
        assert sentence.speaker == source.outlet.name
        assert not re.match(r"(He|But|It|They|Meanwhile)\b", sentence.text)
    assert len(expand(brief)) <= 10
    for number in by_id:
        for told_of_it, sentences_at_most, words_at_most in ((brief.sentences, 2, 60), (expand(brief), 10, 120)):
            own = [sentence for sentence in told_of_it if sentence.article == number]
            assert len(own) <= sentences_at_most
            assert sum(len(sentence.text.split()) for sentence in own) <= words_at_most


def test_titles_add_who_said_what_before_what_merely_sounds():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill"),
        by(2, "Ceasefire for Brill raises spectre of quarrels over lighthouse"),
        by(3, "Bishop of Hallow urges fishermen to keep the Brill ceasefire"),
    )
    assert brief.sentences[0].article == 3


def test_what_state_media_alone_say_comes_after_an_independent_addition():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill"),
        by(2, "Brill ceasefire leaves Hallow lighthouse under foreign guard — ministry", of=TASS),
        by(3, "Bishop of Hallow urges fishermen to keep the Brill ceasefire"),
    )
    assert [sentence.speaker for sentence in brief.sentences] == ["Paper 3", "TASS"]
    assert brief.sentences[1].text == "Ministry: Brill ceasefire leaves Hallow lighthouse under foreign guard"


def test_an_outlet_that_writes_twice_is_one_voice_and_its_fuller_text_is_heard():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill", f"{LEAD} {TERMS}", of=outlet("Herald")),
        by(2, "Ceasefire for Brill signed", LEAD, of=outlet("Herald")),
        by(3, "Brill ceasefire signed", HOSTS),
    )
    assert brief.sentences[0].text == LEAD


def test_a_title_of_little_worth_beside_the_best_stays_out():
    brief = told(
        by(1, "Envoys sign ceasefire for Brill"),
        by(2, "Bishop of Hallow urges fishermen to keep the Brill ceasefire of the envoys"),
        by(3, "Auction houses offer lighthouse paintings, foghorns and barometers", of=UNSURE),
        *(by(number, "Envoys sign ceasefire for Brill") for number in range(4, 12)),
    )
    assert 3 not in {sentence.article for sentence in brief.sentences}
    assert brief.sentences


def test_a_headline_that_says_when_by_its_own_day_yields_to_one_that_names_the_day():
    brief = told(
        by(1, "Norland says ceasefire talks at Brill start next week"),
        by(2, "Norland says ceasefire talks at Brill start on Wednesday"),
    )
    assert brief.headline.endswith("on Wednesday")


def test_an_explainer_is_no_report_of_a_story_that_others_report():
    brief = told(
        by(1, "Norland signs ceasefire for the port of Brill"), by(2, "What the ceasefire for the port of Brill means")
    )
    assert [report.article.id for report in brief.reports] == [1]


def test_whom_nobody_can_tell_who_speaks_through_is_named_in_front():
    opaque = outlet("SouthFront", "RU", Ownership.PRIVATE)
    brief = told(by(1, "Norland signs ceasefire for the port of Brill", of=opaque))
    assert brief.headline_by == "SouthFront"
