"""The shipped gazetteer is whole, and a bad one is named by file, key and reason."""

import pytest

from config.gazetteer import load_families, load_names
from digests.errors import ConfigurationError

GOOD = """
[countries]
sark = { en = ["Sark"] }
[persons]
ann = { en = ["Ann Lee"], ru = ["Анна Ли"] }
[roles]
seneschal = { en = ["seneschal"] }
[offices]
seneschal-of-sark = { role = "seneschal", of = "sark", holders = [{ id = "ann", since = 2024-01-01 }] }
"""


def load(tmp_path, text):
    file = tmp_path / "names.toml"
    file.write_text(text, encoding="utf-8")
    return load_names(file)


def test_a_gazetteer_is_read(tmp_path):
    names = load(tmp_path, GOOD)
    assert [hit.id for hit in names.find("Sark seneschal")] == ["sark", "ann"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[countries]\nsark = { en = [] }", 'countries.sark: give at least one spelling, such as en = ["Putin"]'),
        ("[countries]\nsark = { xx = ['a'] }", "countries.sark.xx: there is no such key"),
        ("[lands]\nsark = { en = ['a'] }", "lands: there is no such key"),
        ("[countries]\na = { en = ['A'], of = 'b' }", "countries.a.of: there is no name b"),
        (GOOD + "[places]\nann = { en = ['X'] }", "persons.ann: the id stands in two sections"),
        (GOOD.replace('role = "seneschal"', 'role = "king"'), "offices.seneschal-of-sark.role: there is no role king"),
        (GOOD.replace('id = "ann"', 'id = "bob"'), "offices.seneschal-of-sark: there is no name bob"),
        (
            GOOD.replace("}] }", "}, { id = 'ann', since = 2023-01-01 }] }"),
            "offices.seneschal-of-sark: name the holders in the order of their times",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, problem):
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    assert problem in str(caught.value)
    assert "names.toml: " in str(caught.value)


def test_families_are_read_with_the_words_that_stand_for_them(tmp_path):
    file = tmp_path / "families.toml"
    file.write_text(
        '[boats]\nen = ["boat*", "ship*", "raft"]\nzh = ["船"]\nwide = ["port"]\n[levies]\nstate = true\n',
        encoding="utf-8",
    )
    family, levies = load_families(file)
    assert (family.state, levies.state) == (False, True)
    assert (family.heads, family.words) == (("boat*", "ship*", "船"), ("boat*", "ship*", "raft", "船"))
    assert family.wide == ("port",)


def test_a_wrong_family_is_named_by_file_and_key(tmp_path):
    file = tmp_path / "families.toml"
    file.write_text('[boats]\nxx = ["boat"]\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"families.toml: boats.xx: there is no such key"):
        load_families(file)
