"""What operators and their scripts see."""

import json
from datetime import timedelta

from bot.views.preview import as_json, as_text
from digests.model.sources import Coverage, Ownership
from digests.model.stories import Aside, Brief, Digest, DigestId, Report, Section, Sentence, StoryId, Window
from digests.model.topics import TopicSlug
from tests.builders import NOON, article, outlet


def test_the_json_is_the_promised_one():
    one = article(1, "Talks open", of=outlet("TASS", "RU", Ownership.STATE))
    brief = Brief(
        story=StoryId(5),
        topic=TopicSlug("ukraine-talks"),
        headline="Talks open",
        headline_by="TASS",
        sentences=(Sentence(text="They sat down.", article=one.id, speaker="TASS, an aide"),),
        reports=(Report(article=one, origin="TASS"),),
        independent_outlets=1,
    )
    digest = Digest(
        id=DigestId("abcdefgh23"),
        window=Window(start=NOON - timedelta(hours=24), end=NOON),
        sections=(Section(topic=TopicSlug("ukraine-talks"), title="Ukraine talks", briefs=(brief,)),),
        coverage=Coverage(read=41, feeds=44, unreached=("Xinhua",)),
    )
    assert json.loads(json.dumps(as_json(digest))) == {
        "at": "2026-02-04T12:00:00Z",
        "hours": 24,
        "topics": [
            {
                "slug": "ukraine-talks",
                "title": "Ukraine talks",
                "stories": [
                    {
                        "headline": "TASS: Talks open",
                        "update": False,
                        "independent_outlets": 1,
                        "sentences": [{"text": "They sat down.", "outlet": "TASS", "url": "https://news.example/1"}],
                        "articles": [
                            {
                                "outlet": "TASS",
                                "country": "RU",
                                "ownership": "state",
                                "vantage": "RU",
                                "title": "Talks open",
                                "url": "https://news.example/1",
                                "published": "2026-02-04T12:00:00Z",
                            }
                        ],
                        "beside": [],
                    }
                ],
            }
        ],
        "coverage": {"read": 41, "feeds": 44, "unreached": ["Xinhua"], "truncated": []},
    }


def test_other_stories_of_an_affair_stand_beside_it():
    one, other = article(1, "Talks end"), article(2, "Talks open", of=outlet("TASS", "RU", Ownership.STATE))
    asides = tuple(
        Aside(
            headline="Talks open",
            headline_by=by,
            earlier=True,
            lead=other.id,
            reports=(Report(article=other, origin="TASS"),),
        )
        for by in ("TASS", None)
    )
    brief = Brief(
        story=StoryId(5),
        topic=TopicSlug("ukraine-talks"),
        headline="Talks end",
        headline_by=None,
        sentences=(),
        reports=(Report(article=one, origin=one.outlet.name),),
        independent_outlets=1,
        beside=asides,
    )
    digest = Digest(
        id=DigestId("abcdefgh23"),
        window=Window(start=NOON - timedelta(hours=24), end=NOON),
        sections=(Section(topic=TopicSlug("ukraine-talks"), title="Ukraine talks", briefs=(brief,)),),
        coverage=Coverage(read=41, feeds=44),
    )
    (story,) = as_json(digest)["topics"][0]["stories"]
    assert [each["headline"] for each in story["beside"]] == ["TASS: Talks open", "Talks open"]
    assert [each["title"] for each in story["beside"][0]["articles"]] == ["Talks open"]


def test_a_part_of_an_hour_stays_one():
    digest = Digest(
        id=DigestId("abcdefgh23"),
        window=Window(start=NOON - timedelta(minutes=90), end=NOON),
        sections=(),
        coverage=Coverage(read=0, feeds=0),
    )
    assert as_json(digest)["hours"] == 1.5


def test_the_terminal_shows_the_message_with_its_links():
    text = as_text('<b>Bold</b> and <i>dim</i>: <a href="https://x.example/?a=1&amp;b=2">here</a> &lt;3')
    assert text.plain == "Bold and dim: here <3"
    assert [span.style.link for span in text.spans if span.style.link] == ["https://x.example/?a=1&b=2"]
