"""Who says what about a story, and where a topic stands, as a person in a chat sees them."""

from datetime import timedelta

from bot.views.markup import MESSAGE_LIMIT
from digests.model.articles import ArticleId
from digests.model.sources import Ownership
from digests.model.stories import Placement, StoryId
from digests.model.topics import Match, TopicSlug
from digests.ports import Filing, Gathering
from tests.builders import NOON, article, outlet

HERALD = outlet("Herald", "GB")
AGENCY = outlet("Agency", "RU", Ownership.STATE)


async def fill(office, *articles, topic="new-start"):
    await office.archive.save_gathering(Gathering(states=(), gaps=(), articles=articles))
    await office.archive.save_filing(
        Filing(
            filed=tuple(each.id for each in articles),
            matches=tuple(Match(topic=TopicSlug(topic), article=each.id, score=1.0, why="talks") for each in articles),
            placements=tuple(
                Placement(article=each.id, story=StoryId(each.id), origin=each.outlet.name) for each in articles
            ),
            moved={},
        )
    )


async def test_compare_asks_which_and_turns_over_in_place(office, ada):
    await ada.says("/latest new start")
    digest = await ada.hears("New START — 2 stories")
    await ada.presses(digest, "Compare")
    asked = await ada.hears("This digest has stories 1 to 2.")
    await ada.presses(asked, "2")
    told = await ada.hears("Europe · 2 outlets")
    assert told.id == asked.id
    assert "Envoys & ministers <meet> 2.1 (Herald 1)" in told.text
    assert "🇷🇺 Russian state media · 1 outlet\nTalks held 2 (Agency, state)" in told.text
    assert told.buttons == ("‹ 1", "Sources")
    assert len(told.links) == 2
    await ada.presses(told, "‹ 1")
    await ada.hears("1 · Envoys")


async def test_compare_takes_a_number_or_says_which_there_are(office, ada):
    await ada.says("/compare 1")
    await ada.hears("There is no digest of the last 7 days here; /latest makes one.")
    await ada.says("/latest new start")
    await ada.hears("New START — 2 stories")
    await ada.says("/compare 1")
    await ada.hears("Europe · 2 outlets")
    await ada.says("/compare 7")
    await ada.hears("There is no story 7.")


async def test_a_topic_shows_its_state_of_play(office, ada):
    await fill(
        office,
        article(1, "Kremlin says СНВ-III talks will be held on 17 February", of=AGENCY),
        article(2, "Ukraine rejects СНВ-III talks", of=HERALD, published=NOON - timedelta(days=1)),
        article(3, "Envoys exchanged 314 prisoners in СНВ-III talks", of=AGENCY),
        article(4, "Envoys exchanged 250 prisoners in СНВ-III talks", of=HERALD),
    )
    office.archive.placements |= {
        ArticleId(each): Placement(article=ArticleId(each), story=StoryId(3), origin=name)
        for each, name in ((3, "Agency"), (4, "Herald"))
    }
    await ada.says("/timezone Tokyo")
    await ada.says("/topics new start")
    state = await ada.hears("The background of New START.")
    assert "Who says what\n• Russia: Kremlin says" in state.text
    assert "(Agency, state, Wed 4 Feb, 21:00)" in state.text
    assert "• Ukraine: Ukraine rejects СНВ-III talks (Herald, Tue 3 Feb, 21:00)" in state.text
    assert "Dates ahead\n• Tue 17 Feb: Kremlin says" in state.text
    assert "Figures that differ\n• “Envoys exchanged 314 prisoners" in state.text
    assert len(state.links) == 5
    assert state.buttons == ("Subscribe", "Latest")


async def test_a_topic_of_which_nobody_spoke_says_so(office, ada):
    await ada.says("/topics new start")
    await ada.hears("Nothing was said about it since Wed 21 Jan, 12:00 that can be laid side by side.")


async def test_however_much_was_said_it_fits_one_message(office, ada):
    long = "а" * 60
    await fill(
        office,
        *(
            article(
                number,
                f"{side} says СНВ-III {long} will be held on {number} March & <{long}> {'word ' * 40}",
                of=HERALD,
            )
            for number, side in enumerate(("Russia", "Ukraine", "China", "France", "Germany", "Poland"), start=5)
        ),
    )
    await ada.says("/topics new start")
    state = await ada.hears("Dates ahead")
    assert len(state.text.encode("utf-16-le")) // 2 <= MESSAGE_LIMIT
