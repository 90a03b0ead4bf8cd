"""What delivery and the conversation may rely on when they keep digests."""

from datetime import timedelta

from digests.model.articles import Page
from digests.model.people import Address, ChatId, MessageId
from digests.model.sources import Coverage
from digests.model.stories import Alone, Aside, Brief, Digest, DigestId, Report, Section, Sentence, StoryId, Window
from digests.model.topics import TopicSlug
from digests.ports import Gathering
from tests.builders import NOON, article, outlet
from tests.fakes.stores import MemoryDigests

HERE = Address(chat=ChatId(-100123), thread=5)
THERE = Address(chat=ChatId(-100123))
FIRST = DigestId("abcdefgh23")
SECOND = DigestId("zyxwvuts76")
ARTICLES = (article(1, text="Both sides met."), article(2, "Посланники зустрілися", of=outlet("AP")), article(3))


def digest(digest_id=FIRST):
    reports = tuple(Report(article=each, origin="AP") for each in ARTICLES[:2])
    brief = Brief(
        story=StoryId(10),
        topic=TopicSlug("talks"),
        headline="Envoys meet <b>in</b> Ankara",
        headline_by="AP",
        sentences=(Sentence(text="Both sides met.", article=ARTICLES[0].id, speaker="Northern Herald"),),
        reports=reports,
        independent_outlets=1,
        update=True,
        alone=Alone(vantage="RU", read=41),
        lead=ARTICLES[0].id,
        beside=(
            Aside(
                headline="Envoys arrive",
                headline_by=None,
                earlier=True,
                lead=ARTICLES[2].id,
                reports=(Report(article=ARTICLES[2], origin="AP"),),
            ),
        ),
    )
    quiet = Section(
        topic=TopicSlug("treaty"), title="Treaty", briefs=(), nearest=Report(article=ARTICLES[2], origin="AP")
    )
    silent = Section(topic=TopicSlug("other"), title="Other", briefs=(), left=3)
    return Digest(
        id=digest_id,
        window=Window(start=NOON - timedelta(days=1), end=NOON),
        sections=(Section(topic=TopicSlug("talks"), title="Talks", briefs=(brief, brief)), quiet, silent),
        coverage=Coverage(read=41, feeds=44, unreached=("Xinhua",), truncated=("TASS",)),
    )


async def test_a_digest_comes_back_as_it_was_kept(stores):
    await stores.archive.save_gathering(Gathering(states=(), gaps=(), articles=ARTICLES))
    await stores.digests.save_digest(digest())
    assert await stores.digests.digest(FIRST) == digest()


async def test_a_digest_comes_back_with_the_texts_of_pages_read_since_so_that_more_can_be_said_of_it(stores):
    if isinstance(stores.digests, MemoryDigests):
        return  # it keeps digests as they are
    await stores.archive.save_gathering(Gathering(states=(), gaps=(), articles=ARTICLES))
    await stores.digests.save_digest(digest())
    await stores.archive.save_pages([Page(article=ARTICLES[1].id, asked=NOON, text="The page's.")])
    found = await stores.digests.digest(FIRST)
    assert [report.article.text for report in found.briefs[0].reports] == ["Both sides met.", "The page's."]


async def test_a_digest_kept_twice_is_no_error(stores):
    await stores.archive.save_gathering(Gathering(states=(), gaps=(), articles=ARTICLES))
    await stores.digests.save_digest(digest())
    await stores.digests.save_digest(digest())
    assert await stores.digests.digest(FIRST) == digest()


async def test_a_digest_that_was_never_kept_is_none(digests):
    assert await digests.digest(FIRST) is None


async def test_a_message_tells_its_digest_at_its_own_address_only(digests):
    await digests.remember_message(HERE, MessageId(1), FIRST, NOON)
    await digests.remember_message(HERE, MessageId(2), FIRST, NOON)
    await digests.remember_message(THERE, MessageId(1), SECOND, NOON)
    assert await digests.digest_of_message(HERE, MessageId(1)) == FIRST
    assert await digests.digest_of_message(HERE, MessageId(2)) == FIRST
    assert await digests.digest_of_message(THERE, MessageId(1)) == SECOND
    assert await digests.digest_of_message(THERE, MessageId(2)) is None


async def test_a_message_that_was_edited_tells_its_new_digest(digests):
    await digests.remember_message(HERE, MessageId(1), FIRST, NOON)
    await digests.remember_message(HERE, MessageId(1), SECOND, NOON + timedelta(minutes=1))
    assert await digests.digest_of_message(HERE, MessageId(1)) == SECOND


async def test_the_newest_digest_is_the_one_shown_last_at_the_address(digests):
    await digests.remember_message(HERE, MessageId(9), FIRST, NOON)
    await digests.remember_message(HERE, MessageId(3), SECOND, NOON + timedelta(minutes=1))
    await digests.remember_message(THERE, MessageId(4), FIRST, NOON + timedelta(minutes=2))
    assert await digests.newest_digest(HERE, NOON) == SECOND
    assert await digests.newest_digest(HERE, NOON + timedelta(minutes=1)) is None
    assert await digests.newest_digest(Address(chat=ChatId(1)), NOON) is None


async def test_of_two_messages_at_one_moment_the_later_number_is_newer(digests):
    await digests.remember_message(HERE, MessageId(2), SECOND, NOON)
    await digests.remember_message(HERE, MessageId(1), FIRST, NOON)
    assert await digests.newest_digest(HERE, NOON - timedelta(days=7)) == SECOND
