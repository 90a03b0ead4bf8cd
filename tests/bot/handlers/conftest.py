import pytest

from bot.playground.server import BotApiServer
from tests.bot.handlers.office import Office


@pytest.fixture
async def office():
    async with BotApiServer() as server:
        office = Office(server)
        async with office.running():
            yield office


@pytest.fixture
def ada(office):
    return office.server.person("Ada")
