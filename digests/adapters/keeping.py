"""What archives of every kind have in common: how long they keep what, and where a chain of moved stories ends."""

from collections.abc import Mapping
from datetime import timedelta

from digests.model.stories import StoryId

KEYS_OUTLIVE = timedelta(days=16)
KEYS_A_FEED = 1_000  # more than a feed shows at once: what stands in it for months stays known
PRUNED_AT_ONCE = 500  # so that others wait for a fraction of a second at most


def living(story: StoryId, moved: Mapping[StoryId, StoryId]) -> StoryId:
    """The story at the end of the chain."""
    for _ in moved:
        story = moved.get(story, story)
    return story
