"""Carrying tables: what does not arrive as it was sent is told."""

import pytest

from digests.adapters.transfer import TABLES, carry
from digests.errors import StorageError


class MemoryShelf:
    """A shelf of which `spoilt` turns what is written into it."""

    def __init__(self, *, spoilt=lambda row: row, columns=("id", "body")):
        self.tables = {table: [] for table in TABLES}
        self.spoilt, self.names = spoilt, columns

    def columns(self, table):
        return self.names

    def rows(self, table, columns):
        return iter([tuple(row[self.names.index(column)] for column in columns) for row in self.tables[table]])

    def fill(self, tables):
        for table, columns, rows in tables:
            assert columns == ("id", "body")
            self.tables[table] = [self.spoilt(row) for row in rows]


def test_what_is_carried_is_counted_and_another_order_or_way_to_say_yes_is_the_same():
    source, target = MemoryShelf(), MemoryShelf(columns=("id", "body", "holder"))
    source.tables["updates"] = [(1, b"\x00"), (True, None), (2, 0.1)]
    carried = carry(source, target)
    assert carried["updates"].rows == 3
    target.tables["updates"] = [(2, 0.1, None), (1, None, None), (1, b"\x00", "me")]
    assert carry(source, target) == carried


@pytest.mark.parametrize("spoilt", [lambda row: (row[0], "altered"), lambda row: (row[0] + 1, row[1])])
def test_what_arrives_otherwise_is_told_by_its_table(spoilt):
    source, target = MemoryShelf(), MemoryShelf(spoilt=spoilt)
    source.tables["editions"] = [(1, "one")]
    with pytest.raises(StorageError, match=r"What arrived is not what was sent \(editions\)"):
        carry(source, target)


def test_a_target_with_anything_else_in_it_is_left_alone():
    source, target = MemoryShelf(), MemoryShelf()
    source.tables["editions"], target.tables["updates"] = [(1, "one")], [(7, "seven")]
    with pytest.raises(StorageError, match="holds other data already"):
        carry(source, target)
    assert target.tables["editions"] == []
