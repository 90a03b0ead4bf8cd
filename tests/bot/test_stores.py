"""What housekeeping forgets, and when: the same in a folder and in a database."""

from datetime import timedelta

import pytest

from benchmarks import databases
from bot.jobs import HOUSEKEEPING_EVERY
from bot.shared_stores import shared
from bot.stores import opened
from config.settings import Settings
from digests.model.articles import ArticleId, Page
from digests.ports import Gathering
from tests.builders import NOON, article


@pytest.fixture(params=["folder", "database"])
async def stores(request, tmp_path):
    if request.param == "folder":
        async with opened(Settings(data_dir=tmp_path, _env_file=None)) as kept:
            yield kept
        return
    with databases.database() as url:
        async with shared(url, timedelta(seconds=20)) as kept:
            assert kept.begin_pass()
            yield kept


async def test_a_pages_text_is_kept_for_fourteen_days_at_most_and_its_article_longer(stores):
    await stores.archive.save_gathering(Gathering(states=(), gaps=(), articles=(article(1),)))
    await stores.archive.save_pages([Page(article=ArticleId(1), asked=NOON, text="Both sides met.")])
    await stores.prune(NOON + timedelta(days=13))
    assert set(await stores.archive.pages([ArticleId(1)])) == {1}
    # Housekeeping that comes right before the end of the fourteenth day comes again only after it.
    await stores.prune(NOON + timedelta(days=14) - timedelta(seconds=HOUSEKEEPING_EVERY))
    assert await stores.archive.pages([ArticleId(1)]) == {}
    assert [each.id for each in await stores.archive.unfiled(10)] == [1]
