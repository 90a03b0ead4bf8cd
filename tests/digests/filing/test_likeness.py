"""What speaks for and against two articles being of one story, and what their neighbours add."""

from datetime import timedelta

from digests.filing.company import COMPANY_FEATURES, Company, evidence_among
from digests.filing.evidence import FEATURES, Rarity, evidence, seen
from digests.filing.likeness import Likeness
from digests.filing.sheets import sheet_of
from digests.filing.weights import AFAR, ALONE, AMONG, COMPANY
from digests.model.articles import ArticleId
from digests.model.names import Kind, Name, NameId
from digests.model.topics import TopicSlug
from digests.text.names import Names
from tests.builders import NOON, article, outlet

NAMES = Names(
    [
        Name(id=NameId("orel"), kind=Kind.PERSON, aliases=("Orel",)),
        Name(id=NameId("vesna"), kind=Kind.PERSON, aliases=("Vesna",)),
        Name(id=NameId("brill"), kind=Kind.PLACE, aliases=("Brill",)),
        Name(id=NameId("hallow"), kind=Kind.PLACE, aliases=("Hallow",)),
        Name(id=NameId("league"), kind=Kind.ORGANISATION, aliases=("League",)),
        Name(id=NameId("herald"), kind=Kind.OUTLET, aliases=("Herald",)),
    ]
)
TITLES = (
    "Orel and Vesna sign exchange of 140 prisoners in Brill",
    "Prisoner exchange: Orel and Vesna sign deal on 140 in Brill",
    "Vesna, Orel sign prisoner exchange deal in Brill",
)


def sheet(number, title, *topics, text="", hours=0.0):
    published = NOON + timedelta(hours=hours)
    written = article(number, title, text=text, of=outlet(f"Paper {number}"), published=published)
    return sheet_of(written, NAMES, frozenset(map(TopicSlug, topics)))


def found(a, b):
    frequency = dict.fromkeys(a.words + b.words, 1)
    rarity = Rarity(frequency, 1000)
    one, other = seen(a, rarity), seen(b, rarity)
    told = evidence(one, other, rarity)
    assert told == evidence(other, one, rarity)
    return dict(zip(FEATURES, told, strict=True))


def test_every_kind_of_evidence_has_a_weight():
    assert len(FEATURES) == len(ALONE) == len(AMONG) == len(AFAR)
    assert len(COMPANY_FEATURES) == len(COMPANY)


def test_the_same_persons_speak_for_one_story_and_other_persons_against():
    same = found(sheet(1, TITLES[0]), sheet(2, TITLES[1]))
    assert same["same_person"]
    assert same["two_same_persons"]
    assert not same["other_persons"]
    other = found(sheet(1, "Orel signs deal in Brill"), sheet(2, "Vesna signs deal in Hallow"))
    assert other["other_persons"]
    assert other["each_an_own_person"]
    assert other["other_places"]
    assert other["other_first_name"]


def test_an_outlet_that_is_named_is_not_who_acts():
    told = found(sheet(1, "Herald: League votes"), sheet(2, "League votes"))
    assert told["same_body"]
    assert not told["other_first_name"]


def test_who_speaks_is_not_what_is_said():
    told = found(sheet(1, "Grain treaty holds — Orel"), sheet(2, "Winter games begin — Orel"))
    assert told["speakers"] == 1
    assert told["beside_speakers"] == 0


def test_articles_on_other_topics_are_told_apart():
    told = found(sheet(1, "Orel speaks", "talks"), sheet(2, "Orel speaks", "ties"))
    assert told["other_topics"]
    assert not told["same_topic"]


def test_a_title_and_a_title_with_a_lead_are_held_against_each_other_whole():
    told = found(sheet(1, "Storm", text="A storm flooded the port of Hallow."), sheet(2, "Port of Hallow flooded"))
    assert told["wholes"] > told["titles"] == 0
    assert not told["leads"]


def test_neighbours_in_common_make_a_pair_likelier_and_are_told_from_both_sides():
    links = {1: {2: 0.5, 3: 0.9}, 2: {1: 0.5, 3: 0.9}, 3: {1: 0.9, 2: 0.9}}
    links = {ArticleId(a): {ArticleId(b): p for b, p in row.items()} for a, row in links.items()}
    ask = evidence_among(links)
    told = dict(zip(COMPANY_FEATURES, ask(ArticleId(1), ArticleId(2)), strict=True))
    assert told == dict(zip(COMPANY_FEATURES, ask(ArticleId(2), ArticleId(1)), strict=True))
    assert told["common"] > 0.99
    assert told["best_third"] == 0.9


def test_two_alone_have_no_company():
    links = {ArticleId(1): {ArticleId(2): 0.5}, ArticleId(2): {ArticleId(1): 0.5}}
    told = dict(zip(COMPANY_FEATURES, evidence_among(links)(ArticleId(1), ArticleId(2)), strict=True))
    assert (told["common"], told["best_third"]) == (0, 0)


def test_company_that_is_asked_bit_by_bit_says_the_same_as_asked_at_once():
    likeness, company = Likeness(), Company()
    sheets = [sheet(n, title, hours=n / 10) for n, title in enumerate(TITLES, 1)]
    for each in sheets:
        company.ask(likeness.add([each]), likeness)
    at_once = Company()
    at_once.ask(set(likeness.links), likeness)
    assert company.likely == at_once.likely != {}


def test_one_word_of_many_in_common_is_not_looked_at():
    likeness = Likeness()
    here = "Storm floods harbour roads schools markets bridges cellars tunnels orchards vineyards quarries"
    there = "Storm delays ferries trains lorries parcels letters concerts weddings lectures regattas auctions"
    likeness.add([sheet(1, here), sheet(2, there)])
    assert likeness.links == {ArticleId(1): {}, ArticleId(2): {}}


def test_neighbours_are_asked_near_topics_only():
    for topics, asked in ((("talks",), True), ((), False)):
        likeness, company = Likeness(), Company()
        company.ask(likeness.add(sheet(n, title, *topics) for n, title in enumerate(TITLES, 1)), likeness)
        assert any(likeness.evidence.values()) is asked
        assert all(len(others) == 2 for others in company.likely.values())
        assert (company.likely == likeness.links) is not asked


def test_what_is_hardly_likely_holds_nothing_together():
    links = {ArticleId(1): {ArticleId(2): 0.15}, ArticleId(2): {ArticleId(1): 0.15}}
    likeness, company = Likeness(), Company()
    likeness.links = links
    company.ask(set(links), likeness)
    assert company.likely == {}


def test_who_leaves_is_nobodys_neighbour_any_more():
    likeness, company = Likeness(), Company()
    company.ask(likeness.add(sheet(n, title) for n, title in enumerate(TITLES, 1)), likeness)
    changed = likeness.remove([ArticleId(1), ArticleId(2)])
    assert changed == {ArticleId(3)}
    company.ask({*changed, ArticleId(1), ArticleId(2)}, likeness)
    assert not any(company.likely.values())


def test_what_has_nothing_but_company_against_it_is_no_likely_pair():
    likeness = Likeness()
    likeness.add([sheet(1, TITLES[0]), sheet(2, TITLES[1])])
    for here, there in ((1, 2), (2, 1)):
        likeness.links[ArticleId(here)] = {ArticleId(there): 0.5}
        likeness.evidence[ArticleId(here)] = {ArticleId(there): -20.0}
    company = Company()
    company.ask(set(likeness.links), likeness)
    assert not any(company.likely.values())


def test_the_same_words_more_than_a_window_apart_are_not_looked_at():
    likeness = Likeness()
    likeness.add([sheet(1, TITLES[0]), sheet(2, TITLES[0], hours=73), sheet(3, TITLES[0], hours=73)])
    assert likeness.links[ArticleId(1)] == {}
    assert list(likeness.links[ArticleId(2)]) == [3]


def test_one_word_in_common_among_many_others_links_nothing():
    likeness = Likeness()
    grain = "Grain harvest of the northern valleys doubles after seven rainy months, growers tell ministry"
    chess = "Young chess masters from eleven schools meet for evening tournament beside frozen harbour in rainy spring"
    likeness.add([sheet(1, grain), sheet(2, chess)])
    assert likeness.links == {1: {}, 2: {}}


def test_a_ministry_speaks_of_many_things_on_one_day_and_a_person_of_one():
    def pair(speaker):
        likeness = Likeness()
        likeness.add(
            sheet(number, f"{said} — {speaker}", "talks")
            for number, said in enumerate(("Ferry tariffs welcome", "Orchard blight worries growers"), 1)
        )
        return likeness.links[ArticleId(1)]

    assert sheet(1, "Ferry tariffs welcome — foreign ministry of Norland").unnamed
    assert not sheet(1, "Ferry tariffs welcome — Orel").unnamed
    assert not sheet(1, "Ferry tariffs welcome").unnamed
    assert pair("Norland foreign ministry press office") == {}
    assert pair("Orel, foreign minister of Norland")
