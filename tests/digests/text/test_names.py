"""Names of world politics in four languages: small gazetteers, and the shipped one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.gazetteer import load_names
from digests.model.names import Holder, Kind, Name, NameId, Office
from digests.text.names import Names


def name(key, *aliases, kind=Kind.PERSON, of=None):
    return Name(id=NameId(key), kind=kind, aliases=aliases, of=of and NameId(of))


@pytest.fixture(scope="module")
def shipped():
    return load_names()


def ids(names, text, on=None):
    return [hit.id for hit in names.find(text, on)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xi meets Putin", ["xi", "putin"]),
        ("The first XI of Kent", []),
        ("Tell us what they want", []),
        ("U.S. envoy lands", ["usa"]),
        ("US-led talks", ["usa"]),
        ("Farmers sell turkey and polish", []),
        ("PUTIN REFUSES", ["putin"]),
        ("Orbán, Erdoğan and Türkiye’s offer", ["orban", "erdogan", "turkey"]),
        ("N. Korea fires", ["north-korea"]),
        ("N.Korea fires", ["north-korea"]),
        ("Kim Jong-un's sister", ["kim-jong-un"]),
        ("New START lapses", ["new-start"]),
        ("A new start for all", []),
        ("The South China Morning Post reports", ["scmp"]),
        ("A storm over the Indian Ocean", ["indian-ocean"]),
        ("Kremlin says no", ["kremlin", "russia"]),
        ("North. Korea", []),
        ("South", []),
        ("Встреча с Уиткоффом в Москве", ["witkoff", "moscow", "russia"]),
        ("У Мерца и Цзиньпина", ["merz", "xi"]),
        ("Северной Кореи и России", ["north-korea", "russia"]),
        ("российские войска", ["russia"]),
        ("мир и трамплин", []),
        ("Зеленського чекають у Києві", ["zelensky", "kyiv", "ukraine"]),
        ("розмова з Путіним", ["putin"]),
        ("习近平同普京通电话", ["xi", "putin"]),
        ("卢卡申科抵达白俄罗斯", ["lukashenko", "belarus"]),
        ("中俄关系", ["russia", "china"]),
        ("普京 Putin 普", ["putin", "putin"]),
    ],
)
def test_finds_what_is_meant(shipped, text, expected):
    assert ids(shipped, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NATO chief warns", ["nato", "rutte"]),
        ("Ukraine's foreign minister", ["ukraine", "sybiha"]),
        ("president of France", ["france", "macron"]),
        ("глава МИД Китая", ["china", "wang-yi"]),
        ("французький президент", ["france", "macron"]),
        ("法国总统抵京", ["france", "macron"]),
    ],
)
def test_an_office_leads_to_its_holder(shipped, text, expected):
    assert ids(shipped, text) == expected


def test_an_office_is_held_by_whom_it_was_held_on_that_day():
    office = Office(
        of=NameId("sark"),
        roles=("seneschal",),
        holders=(
            Holder(id=NameId("ann"), since=date(2020, 1, 1), until=date(2024, 1, 1)),
            Holder(id=NameId("bob"), since=date(2024, 1, 1)),
        ),
    )
    names = Names([name("sark", "Sark", kind=Kind.PLACE), name("ann", "Ann Lee"), name("bob", "Bob Roe")], [office])
    assert ids(names, "Sark seneschal speaks") == ["sark", "bob"]
    assert ids(names, "Sark seneschal speaks", date(2023, 12, 31)) == ["sark", "ann"]
    assert ids(names, "Sark seneschal speaks", date(2024, 1, 1)) == ["sark", "bob"]
    assert ids(names, "Sark seneschal speaks", date(2019, 1, 1)) == ["sark"]


def test_a_hit_says_where_and_of_what_kind(shipped):
    text = "In Putin’s view"
    (hit,) = shipped.find(text)
    assert (text[hit.start : hit.end], hit.kind) == ("Putin", Kind.PERSON)
    text = "同普京"
    (hit,) = shipped.find(text)
    assert text[hit.start : hit.end] == "普京"


def test_the_longest_name_is_meant_and_what_stands_in_it_is_not_found_again():
    names = Names([name("guinea", "Guinea"), name("png", "Papua New Guinea"), name("sea", "New Guinea Sea")])
    assert ids(names, "Papua New Guinea votes") == ["png"]
    assert ids(names, "Papua New Guinea Sea") == ["png"]
    assert ids(names, "the New Guinea Sea") == ["sea"]


def test_one_spelling_may_mean_two():
    assert ids(Names([name("a", "Twins"), name("b", "Twins")]), "The Twins") == ["a", "b"]


def test_a_name_can_be_asked_for(shipped):
    assert shipped[NameId("putin")].aliases[0] == "Putin"


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    names = Names([name("sark", "Sark", "Сарк", "萨克岛"), name("us", "US")])
    hits = names.find(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert list(hits) == sorted(hits, key=lambda hit: hit.start)


@given(st.text(alphabet="ab .-", max_size=40), st.text(alphabet="ab .-", max_size=40))
def test_a_name_is_found_wherever_it_stands(before, after):
    text = f"{before}, Sark, {after}"
    assert "sark" in ids(Names([name("sark", "Sark")]), text)
