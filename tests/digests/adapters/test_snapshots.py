"""What is stored of a digest can be read again, also where an earlier version stored it."""

import json

from digests.adapters.snapshots import Snapshot, snapshot
from tests.contracts.test_digests_contract import ARTICLES, digest


def test_a_snapshot_of_before_stories_could_stand_alone_is_read_as_if_none_did():
    kept = json.loads(snapshot(digest()).text)
    for section in kept["sections"]:
        for brief in section["briefs"]:
            assert brief.pop("alone")
    (one, other) = Snapshot(text=json.dumps(kept)).digest(ARTICLES).briefs
    assert (one.alone, other.alone) == (None, None)
    assert one.headline == digest().briefs[0].headline
