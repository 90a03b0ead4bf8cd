"""A digest as its reader sees it."""

import dataclasses
import re
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.digest import flag, moment, render, render_notice, split, voices
from bot.views.markup import MESSAGE_LIMIT, utf16_length
from digests.model.people import Address, ChatId, Edition, Heading, Notice
from digests.model.sources import Coverage, Ownership
from digests.model.stories import Alone, Aside, Brief, Digest, DigestId, Report, Section, Sentence, StoryId, Window
from digests.model.topics import TopicSlug
from tests.builders import NOON, article, outlet

KYIV = Heading(at=NOON + timedelta(hours=6), zone="Europe/Kyiv", city="Kyiv")
BBC = outlet("BBC News", "GB", Ownership.PUBLIC)
TASS = outlet("TASS", "RU", Ownership.STATE)
AP = outlet("Associated Press", "US", Ownership.NON_PROFIT)


def brief(*articles, headline="Envoys meet in Ankara", sentences=(), by=None, update=False, origins=None, alone=None):
    origins = origins or [each.outlet.name for each in articles]
    return Brief(
        story=StoryId(articles[0].id),
        topic=TopicSlug("talks"),
        headline=headline,
        headline_by=by,
        sentences=tuple(Sentence(text=text, article=each.id, speaker=each.outlet.name) for each, text in sentences),
        reports=tuple(Report(article=each, origin=origin) for each, origin in zip(articles, origins, strict=True)),
        independent_outlets=len(set(origins)),
        update=update,
        alone=alone,
    )


def section(title, *briefs, nearest=None):
    return Section(topic=TopicSlug(title.lower()), title=title, briefs=briefs, nearest=nearest)


def digest(*sections, coverage=None):
    return Digest(
        id=DigestId("abcdefgh23"),
        window=Window(start=NOON - timedelta(hours=18), end=NOON + timedelta(hours=6)),
        sections=sections,
        coverage=coverage or Coverage(read=41, feeds=44, unreached=("Xinhua",), truncated=("RT", "TASS")),
    )


def shown(*sections, heading=KYIV, **of_digest):
    (part,) = split(digest(*sections, **of_digest), heading)
    return render(part)


def plain(view):
    return re.sub("<[^>]+>", "", view.html)


def test_a_sentence_gives_up_its_point_to_the_outlet_behind_it_but_an_abbreviation_keeps_its_own():
    one, other = article(1, of=AP), article(2, of=BBC)
    told = brief(one, other, sentences=[(one, "Envoys met in Ankara."), (other, "Norland ends its pact with the U.S.")])
    assert "Envoys met in Ankara (Associated Press). Norland ends its pact with the U.S. (BBC News)." in plain(
        shown(section("Talks", told))
    )


def test_it_opens_with_the_readers_own_time_and_what_it_covers():
    one = article(1, of=BBC)
    text = plain(shown(section("Ukraine talks", brief(one)), section("New START"))).splitlines()
    assert text[0] == "Wed 4 Feb, 20:00 Kyiv"
    assert text[1] == "Ukraine talks · New START — 1 story from 1 outlet"


def test_a_late_digest_says_when_it_was_due():
    heading = Heading(at=KYIV.at, zone="America/New_York", city=None, late_slot=time(8, 0))
    assert plain(shown(section("Talks", brief(article(1))), heading=heading)).startswith(
        "Wed 4 Feb, 13:00 New York (due 08:00; the bot was down)"
    )


def test_each_sentence_stands_with_its_outlet_as_a_link():
    one, two = article(1, of=BBC), article(2, of=TASS)
    view = shown(section("Talks", brief(one, two, sentences=[(two, "Moscow's position is unchanged.")])))
    assert f'Moscow\'s position is unchanged (<a href="{two.url}">TASS</a>).' in view.html


def test_below_a_story_that_one_states_media_alone_tell_it_stands_of_how_many_feeds():
    one, two = article(1, of=TASS), article(2, of=outlet("RT", "RU", Ownership.STATE))
    for vantage, whose in (("RU", "Russian"), ("XX", "one government’s")):
        text = plain(shown(section("Talks", brief(one, two, alone=Alone(vantage=vantage, read=41)))))
        assert f"RT state\nSo far only {whose} state media, of 41 feeds read\n" in text
    assert "So far" not in plain(shown(section("Talks", brief(one, two))))


def test_up_to_three_outlets_are_named_each_with_its_flag_and_a_warning_for_state_media():
    view = shown(section("Talks", brief(article(1, of=TASS), article(2, of=BBC))))
    assert "🇬🇧 BBC News · 🇷🇺 TASS state" in plain(view)


def test_more_outlets_are_counted_by_vantage_and_three_are_named():
    many = [article(n, of=outlet(f"Paper {n}", "GB")) for n in range(1, 5)] + [article(9, of=TASS)]
    text = plain(shown(section("Talks", brief(*many))))
    assert "🇬🇧 4 · 🇷🇺 1 state — 5 outlets: Paper 1, Paper 2, Paper 3 +2" in text


def test_reprints_count_as_the_agency_whose_text_they_carry():
    reprints = [article(n, of=outlet(f"Paper {n}")) for n in range(1, 4)]
    one = brief(*reprints, article(7, of=AP), origins=["Associated Press"] * 4)
    assert plain(shown(section("Talks", one))).count("🇺🇸 Associated Press +3 reprints") == 1
    assert [voice.reprints for voice in voices(one)] == [3]


def test_an_agency_that_is_not_read_itself_is_named_all_the_same():
    one = brief(article(1, of=BBC), origins=["Reuters"])
    assert '<a href="https://news.example/1">BBC News</a>, from Reuters' in shown(section("Talks", one)).html


def test_whose_the_headline_is_stands_first():
    first, second = article(1, of=BBC), article(2, of=AP)
    one = dataclasses.replace(brief(first, second), lead=second.id)
    assert [voice.name for voice in voices(one)] == ["Associated Press", "BBC News"]


def test_another_story_of_the_affair_is_told_in_a_line_with_those_who_tell_it():
    papers = [article(number, of=outlet(f"Paper {number}")) for number in (2, 3, 4, 5)]
    reports = tuple(Report(article=each, origin=each.outlet.name) for each in papers)
    before = Aside(headline="Talks open", headline_by=None, earlier=True, lead=papers[1].id, reports=reports)
    beside = dataclasses.replace(
        before,
        headline="Talks are under way",
        headline_by="TASS",
        earlier=False,
        lead=9,
        reports=(reports[0], Report(article=article(9, of=TASS), origin="TASS")),
    )
    alone = dataclasses.replace(beside, reports=beside.reports[1:])
    text = plain(
        shown(section("Talks", dataclasses.replace(brief(article(1, of=BBC)), beside=(before, beside, alone)))),
    )
    assert "Earlier: Talks open (Paper 3, Paper 2, Paper 4 +1)." in text
    assert "Also: TASS state +1: Talks are under way." in text
    assert "Also: TASS state: Talks are under way." in text
    assert "1 story from 6 outlets" in text


def test_a_topic_for_which_there_was_no_room_is_not_called_quiet():
    text = plain(shown(section("Talks", brief(article(1, of=BBC))), dataclasses.replace(section("New START"), left=2)))
    assert "NEW START\n2 stories did not fit: /latest new start" in text
    text = plain(shown(dataclasses.replace(section("New START"), left=1)))
    assert "1 story did not fit: /latest new start" in text


def test_where_no_feed_was_read_nothing_is_called_quiet():
    text = plain(shown(section("Talks"), coverage=Coverage(read=0, feeds=5, unreached=("BBC News",), truncated=())))
    assert "No feed could be read, so nobody knows." in text
    assert "Nothing new" not in text


def test_state_media_stand_in_front_of_a_headline_that_nobody_else_reports_and_updates_are_marked():
    text = plain(shown(section("Talks", brief(article(1, of=TASS), by="TASS", update=True))))
    assert "1 · 🔄 Update: TASS: Envoys meet in Ankara" in text


def test_sentences_in_another_language_say_so():
    one = dataclasses.replace(article(1, of=BBC), language="uk")
    assert "[uk] Переговори тривають (BBC News)." in plain(
        shown(section("Talks", brief(one, sentences=[(one, "Переговори тривають.")])))
    )


def test_a_quiet_topic_says_so_in_one_line_with_the_nearest_thing_to_news():
    nearest = Report(article=article(3, "Old news", of=BBC, published=NOON - timedelta(days=2)), origin="BBC News")
    text = plain(shown(section("New START", nearest=nearest), section("Talks")))
    assert text.splitlines()[1] == "New START · Talks — no new stories"
    assert "Nothing new since Tue 3 Feb, 20:00. The latest before: Old news (BBC News, Mon 2 Feb, 14:00)." in text
    assert "TALKS\nNothing new since Tue 3 Feb, 20:00." in text


def quiet_topics(count, title="word " * 30):
    return [
        section(f"Topic {number}", nearest=Report(article=article(90 + number, title, of=BBC), origin="BBC News"))
        for number in range(1, count + 1)
    ]


def test_many_quiet_topics_share_a_line_rather_than_fill_a_message():
    text = plain(shown(*quiet_topics(20)))
    assert "Topic 1 · Topic 2 · Topic 3" in text
    assert "· Topic 20\nNothing new since Tue 3 Feb, 20:00." in text
    assert "The latest before" not in text
    assert plain(shown(*quiet_topics(3))).count("The latest before: word") == 3


def test_quiet_topics_yield_to_a_story_that_fills_its_message():
    one = article(1, of=BBC)
    long = section("Talks", brief(one, sentences=[(one, "word " * 740)]))
    assert "4 topics: Nothing new since Tue 3 Feb, 20:00." in plain(shown(long, *(section("Y" * 95) for _ in range(4))))
    assert "1 topic: Nothing new since" in plain(shown(long, section("Y" * 390)))


def test_the_small_print_is_true():
    quiet = section("Talks")
    text = plain(shown(quiet))
    assert "Read 41 of 44 feeds since Tue 3 Feb, 20:00; not reached: Xinhua; with gaps: RT, TASS." in text
    text = plain(shown(quiet, coverage=Coverage(read=44, feeds=44)))
    assert "Read 44 of 44 feeds since Tue 3 Feb, 20:00, without a gap." in text
    names = tuple(f"Outlet {n}" for n in range(9))
    assert "not reached: Outlet 0, Outlet 1, Outlet 2, Outlet 3, Outlet 4, Outlet 5 +3." in plain(
        shown(quiet, coverage=Coverage(read=0, feeds=9, unreached=names))
    )


def test_numbers_run_through_all_topics_and_each_has_a_button():
    view = shown(section("A", brief(article(1)), brief(article(2))), section("B", brief(article(3))))
    assert re.findall(r"^(\d) · ", plain(view), re.MULTILINE) == ["1", "2", "3"]
    assert [button.callback_data for button in view.keyboard.inline_keyboard[0]] == [
        f"more:abcdefgh23:{n}" for n in (1, 2, 3)
    ]
    assert view.keyboard.inline_keyboard[1][0].callback_data == "sources:abcdefgh23:0"


def test_a_quiet_digest_has_no_buttons():
    assert shown(section("Talks")).keyboard is None


def test_the_notice_offers_to_show_what_may_not_have_arrived():
    edition = Edition(address=Address(chat=ChatId(7)), day=date(2026, 2, 4), slot=time(8), due=NOON)
    view = render_notice(Notice(edition=edition, digest=DigestId("abcdefgh23")))
    assert view.html == "Your 08:00 digest may not have arrived."
    assert view.keyboard.inline_keyboard[0][0].callback_data == "show:abcdefgh23"


def test_flags_and_moments():
    assert (flag("UA"), flag("EU"), flag("INT"), flag("??")) == ("🇺🇦", "🇪🇺", "🌐", "🌐")
    assert moment(datetime(2026, 3, 1, 22, 5, tzinfo=UTC), "Asia/Shanghai") == "Mon 2 Mar, 06:05"


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.links = [], []

    def handle_starttag(self, tag, attrs):
        assert tag in {"a", "b", "i"}
        self.open.append(tag)
        self.links.extend(value for name, value in attrs if name == "href")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


WORDS = st.text(st.characters(codec="utf-8"), max_size=400)


@st.composite
def digests(draw):
    sections, number = [], 0
    for index in range(draw(st.integers(1, 3))):
        briefs = []
        for _ in range(draw(st.integers(0, 4))):
            number += 1
            one = article(
                number,
                draw(WORDS),
                url=draw(st.sampled_from(['https://x.example/?a=1&b="<', "javascript:alert(1)", "http://[bad"])),
                of=outlet(draw(WORDS) or "x", draw(st.sampled_from(["UA", "INT"]))),
            )
            briefs.append(
                brief(one, headline=draw(WORDS), sentences=[(one, draw(WORDS)) for _ in range(draw(st.integers(0, 4)))])
            )
        sections.append(section(f"Topic {index}", *briefs))
    for index in range(draw(st.integers(0, 20))):
        before = article(900 + index, draw(WORDS), of=outlet(draw(WORDS) or "x", "UA"))
        nearest = Report(article=before, origin="x") if draw(st.booleans()) else None
        quiet = section(draw(st.text(st.characters(codec="utf-8"), max_size=60)), nearest=nearest)
        sections.insert(draw(st.integers(0, len(sections))), quiet)
    return digest(*sections)


@pytest.mark.thousands
@given(digests())
@settings(deadline=None)
def test_whatever_outlets_write_every_part_fits_and_is_well_formed_and_no_story_is_lost(one):
    parts = split(one, KYIV)
    numbers = [n for part in parts for n in range(part.first, part.last + 1) if n]
    assert numbers == list(range(1, len(one.briefs) + 1))
    for part in parts:
        view = render(part)
        assert utf16_length(view.html) <= MESSAGE_LIMIT
        assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", view.html)
        parser = Balanced()
        parser.feed(view.html)
        parser.close()
        assert not parser.open
        assert all(url.startswith(("http://", "https://")) for url in parser.links)
        for row in view.keyboard.inline_keyboard if view.keyboard else ():
            assert all(len(button.callback_data.encode()) <= 64 for button in row)


def test_a_long_digest_is_cut_between_stories():
    long = "word " * 150
    briefs = []
    for number in range(1, 9):
        one = article(number, of=BBC)
        briefs.append(brief(one, headline=f"Story {number}", sentences=[(one, long)]))
    parts = split(digest(section("Talks", *briefs)), KYIV)
    assert len(parts) >= 2
    assert [part.of for part in parts] == [len(parts)] * len(parts)
    texts = [plain(render(part)) for part in parts]
    assert all(text.startswith(f"({number}/{len(parts)})") for number, text in enumerate(texts[1:], start=2))
    assert all("TALKS" in text for text in texts)
    assert sum("Read 41 of 44" in text for text in texts) == 1
