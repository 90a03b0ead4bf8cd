"""Topics and feeds from files, and bad files named by file, key and reason."""

import pytest

from config.catalogue import in_use, load_feeds, load_topics
from config.sample import load_sample
from config.settings import PROGRAM
from digests.errors import ConfigurationError
from digests.model.sources import Ownership
from tests.builders import NOON

TOPIC = """
title = "Border talks"
line = "Talks on the border."
background = "They began in spring."
questions = ["Who mediates?"]

[[sides]]
name = "Places"
  [[sides.terms]]
  name = "Ruritania"
  en = ["Ruritania", "Ruritanian"]
  uk = ["Руританія"]
  zh = ["鲁里坦尼亚"]

[[contexts]]
name = "Sport"
weight = 0.5
en = ["cup final"]
"""

FEED = """
[[feeds]]
slug = "herald"
outlet = "Northern Herald"
url = "https://herald.example/rss"
country = "GB"
ownership = "private"
"""


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_topic_is_read_with_its_terms_in_all_languages(tmp_path):
    write(tmp_path, "border-talks.toml", TOPIC)
    (topic,) = load_topics(tmp_path)
    assert (topic.slug, topic.title, topic.questions) == ("border-talks", "Border talks", ("Who mediates?",))
    assert topic.sides[0].terms[0].aliases == ("Ruritania", "Ruritanian", "Руританія", "鲁里坦尼亚")
    assert topic.contexts[0].weight == 0.5


def test_another_combination_of_sides_may_use_terms_by_their_names(tmp_path):
    also = '[[also]]\n[[also.sides]]\nname = "Land"\nuses = ["Ruritania"]\n'
    write(tmp_path, "border-talks.toml", TOPIC + also)
    (topic,) = load_topics(tmp_path)
    assert topic.also[0][0].terms == topic.sides[0].terms


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Border.toml", TOPIC, "the topic's slug"),
        (
            "border.toml",
            TOPIC.replace("title =", "titel ="),
            "titel: there is no such key; correct its name, or take it out.",
        ),
        ("border.toml", TOPIC.replace('"Ruritania", "Ruritanian"', '""'), "sides.0.terms.0.en.0"),
        ("border.toml", 'title="a"\nline="b"\nbackground="c"\n', "[[sides]] or [[anchors]]"),
        ("border.toml", TOPIC + '[[also]]\n[[also.sides]]\nname="x"\n', "give terms, or the names of terms"),
        (
            "border.toml",
            TOPIC + '[[also]]\n[[also.sides]]\nname="x"\nuses=["Mars"]\n',
            "no side has terms of the name Mars",
        ),
        ("border.toml", 'title="a"\nline="b"\nbackground="c"\n[[anchors]]\nname="x"\n', "at least one alias"),
        ("border.toml", "title = ", "no valid TOML"),
    ],
)
def test_a_bad_topic_is_named_by_file_key_and_reason(tmp_path, name, text, said):
    write(tmp_path, name, text)
    with pytest.raises(ConfigurationError) as raised:
        load_topics(tmp_path)
    assert name in str(raised.value)
    assert said in str(raised.value)


def test_every_bad_topic_is_named(tmp_path):
    write(tmp_path, "one.toml", "x = 1")
    write(tmp_path, "two.toml", "y = ")
    write(tmp_path, "three.toml", TOPIC)
    with pytest.raises(ConfigurationError) as raised:
        load_topics(tmp_path)
    assert "one.toml" in str(raised.value)
    assert "two.toml" in str(raised.value)
    assert "three.toml" not in str(raised.value)


def test_a_folder_without_topics_is_no_start(tmp_path):
    with pytest.raises(ConfigurationError, match="TOPICS_DIR"):
        load_topics(tmp_path)


def test_a_feed_needs_only_what_cannot_be_guessed(tmp_path):
    (feed,) = load_feeds(write(tmp_path, "feeds.toml", FEED))
    assert (feed.slug, feed.language, feed.enabled, feed.full_text, feed.restricted) == (
        "herald",
        "en",
        True,
        False,
        (),
    )
    assert (feed.outlet.vantage, feed.outlet.ownership) == ("GB", Ownership.PRIVATE)


def test_a_vantage_of_its_own_goes_before_the_country(tmp_path):
    (feed,) = load_feeds(write(tmp_path, "feeds.toml", FEED + 'vantage = "RU"\nlanguage = "ru"\nrestricted = ["EU"]\n'))
    assert (feed.outlet.country, feed.outlet.vantage, feed.language) == ("GB", "RU", "ru")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FEED.replace('"private"', '"friendly"'), "feed herald, ownership: write one of 'private'"),
        (FEED.replace("https://herald.example/rss", "herald.example"), "feed herald, url: write an address such as https://news.example/rss."),
        (FEED.replace('"GB"', '"Britain"'), "feed herald, country: write the two capital letters of a country, such as GB, or INT."),
        (FEED.replace('slug = "herald"', 'slug = "The Herald"'), "feed The Herald, slug: write a-z and 0-9, with - between words"),
        (FEED + 'restricted = "EU"\n', "feed herald, restricted: write a [list]."),
        (FEED + "vantage = 3\n", "feed herald, vantage: write a text in quotation marks."),
        (FEED.replace("slug", "slugg"), "feed number 1, slug: it is missing, and cannot be guessed."),
        (FEED + FEED, "feed herald, slug: it stands twice"),
        (FEED + FEED.replace("herald", "post").replace('"GB"', '"US"'), "feed post, outlet: country, ownership or vantage of Northern Herald"),
        ("feeds = 3", "[[feeds]]"),
        ("feeds = [3]", "feed number 1, the whole: write a table of keys and values."),
        ("", "[[feeds]]"),
        (FEED + "[other]\nx = 1", "[[feeds]]"),
    ],
)  # fmt: skip
def test_a_bad_feed_is_named_by_file_key_and_reason(tmp_path, text, said):
    with pytest.raises(ConfigurationError) as raised:
        load_feeds(write(tmp_path, "feeds.toml", text))
    assert "feeds.toml" in str(raised.value)
    assert said in str(raised.value)


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        load_feeds(tmp_path / "gone.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load_feeds(tmp_path / "latin.toml")


def test_feeds_that_are_off_or_restricted_here_are_left_out(tmp_path):
    text = (
        FEED
        + FEED.replace("herald", "off")
        + "enabled = false\n"
        + FEED.replace("herald", "rt")
        + 'restricted = ["EU"]\n'
    )
    feeds = load_feeds(write(tmp_path, "feeds.toml", text))
    assert [feed.slug for feed in in_use(feeds, None)] == ["herald", "rt"]
    assert [feed.slug for feed in in_use(feeds, "EU")] == ["herald"]


def test_the_shipped_files_are_whole():
    feeds = load_feeds(PROGRAM / "config" / "feeds.toml")
    assert len(in_use(feeds, None)) >= 60
    assert not any("news.google" in feed.url for feed in feeds)
    assert len({feed.outlet.vantage for feed in feeds}) >= 15
    assert "EU" in next(feed for feed in feeds if feed.slug == "rt").restricted
    assert {topic.slug for topic in load_topics(PROGRAM / "config" / "topics")} >= {
        "china-russia",
        "new-start",
        "ukraine-talks",
    }


def test_the_sample_is_dated_relative_to_now_and_leads_nowhere():
    rows = load_sample(NOON)
    assert len(rows) >= 10
    for feed, entry in rows:
        assert 0 < (NOON - entry.published).total_seconds() < 24 * 3600
        assert feed.url.split("/")[2].endswith(".example")
        assert entry.link.split("/")[2].endswith(".example")
