"""What holds for all tests: properties that a campaign tries ten thousand times, and that nobody writes a token down."""

import re

import pytest
from hypothesis import settings

CASES = 10_000
TOKEN = re.compile(rb"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")

settings.register_profile("campaign", max_examples=CASES, deadline=None, print_blob=True)


def _is_campaign(config):
    return config.getoption("markexpr") == "campaign"


def pytest_configure(config):
    if _is_campaign(config):
        settings.load_profile("campaign")  # a seed: --hypothesis-seed


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Properties of which thousands are promised belong to the campaign, too."""
    if _is_campaign(config):
        for item in items:
            if item.get_closest_marker("thousands"):
                item.add_marker(pytest.mark.campaign)
                item.add_marker(pytest.mark.timeout(3_600))


@pytest.fixture(autouse=True)
def nobody_writes_a_token_down(request):
    """Whatever a test's processes log, at whatever level, holds no token."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    for log in folder.rglob("log*") if folder else ():
        assert not (log.is_file() and TOKEN.search(log.read_bytes())), log
