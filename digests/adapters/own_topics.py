"""Topics in people's own words, as far as they stand in stores that are not theirs: matches, and digests that were shown."""

import re
from collections.abc import Iterable

from digests.filing.own_words import PREFIX, slug_of
from digests.model.people import Subscription

_NAMED = re.compile(f'"({PREFIX}[a-z2-7]{{12}})"')


def had(subscriptions: Iterable[Subscription]) -> frozenset[str]:
    """The topics in own words that somebody follows, or has tried."""
    return frozenset(slug for each in subscriptions for slug in (*each.topics, *map(slug_of, each.own)))


def outlived(snapshots: Iterable[tuple[str, str]], kept: frozenset[str]) -> list[str]:
    """Of digests, by id and snapshot, those with a topic in own words that is not among the `kept`."""
    return [identity for identity, snapshot in snapshots if not kept.issuperset(_NAMED.findall(snapshot))]
