"""Articles become stories, and stories keep their names."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from digests.filing.linkage import clusters
from digests.filing.sheets import sheet_of
from digests.filing.stories import Desk, named
from digests.model.articles import ArticleId
from digests.model.names import Kind, Name, NameId
from digests.model.stories import StoryId
from digests.text.names import Names
from tests.builders import NOON, article, outlet

NAMES = Names(
    [
        Name(id=NameId("lavrov"), kind=Kind.PERSON, aliases=("Lavrov",)),
        Name(id=NameId("peskov"), kind=Kind.PERSON, aliases=("Peskov",)),
        Name(id=NameId("brill"), kind=Kind.PLACE, aliases=("Brill",)),
        Name(id=NameId("herald"), kind=Kind.OUTLET, aliases=("Herald",)),
    ]
)
EXCHANGE = (
    "Norland and Sudland agree to exchange 140 prisoners at talks in Brill",
    "Sudland and Norland agree exchange of 140 prisoners after Brill talks",
    "Norland, Sudland to exchange 140 prisoners, envoys say at Brill talks",
)
STORM = (
    "Storm floods the port of Hallow and cuts power to 9,000 homes",
    "Port of Hallow flooded by storm, 9,000 homes without power",
)


def sheets(titles, first=1, hours=0.0):
    return [
        sheet_of(
            article(
                first + n, title, of=outlet(f"Paper {first + n}"), published=NOON + timedelta(hours=hours, minutes=n)
            ),
            NAMES,
        )
        for n, title in enumerate(titles)
    ]


def group(desk, fresh, placed=None, known=()):
    return desk.group(placed or {}, fresh, known)


def test_reports_of_one_event_are_one_story_and_of_two_events_two():
    stories = group(Desk(), [*sheets(EXCHANGE), *sheets(STORM, first=11)]).stories
    assert len({stories[ArticleId(n)] for n in (1, 2, 3)}) == 1
    assert len({stories[ArticleId(n)] for n in (11, 12)}) == 1
    assert len(set(stories.values())) == 2


def test_the_same_articles_give_the_same_ids_wherever_they_are_grouped():
    assert group(Desk(), sheets(EXCHANGE)) == group(Desk(), sheets(EXCHANGE))


def test_a_story_keeps_its_id_when_later_reports_join_it():
    desk = Desk()
    first = group(desk, sheets(EXCHANGE[:2]))
    later = group(desk, sheets(EXCHANGE[2:], first=3, hours=2), placed=first.stories)
    assert later.stories[ArticleId(3)] == first.stories[ArticleId(1)]
    assert later.moved == {}


def test_after_a_restart_the_desk_is_shown_what_was_placed_and_goes_on_as_before():
    first = group(Desk(), sheets(EXCHANGE[:2]))
    desk = Desk()
    assert desk.lacks(ArticleId(1))
    later = group(desk, sheets(EXCHANGE[2:], first=3, hours=2), placed=first.stories, known=sheets(EXCHANGE[:2]))
    assert later.stories[ArticleId(3)] == first.stories[ArticleId(1)]
    assert not desk.lacks(ArticleId(1))


def test_articles_more_than_three_days_apart_are_never_one_story():
    desk = Desk()
    first = group(desk, sheets(EXCHANGE[:1]))
    later = group(desk, sheets(EXCHANGE[:1], first=9, hours=73), placed=first.stories)
    assert later.stories[ArticleId(9)] != first.stories[ArticleId(1)]


def test_what_has_left_the_window_is_forgotten():
    desk = Desk()
    group(desk, [*sheets(EXCHANGE[:2]), *sheets(STORM[:1], first=11)])
    group(desk, sheets(EXCHANGE[2:], first=3, hours=1), placed={})
    assert desk.lacks(ArticleId(1))
    assert desk.lacks(ArticleId(11))


def test_in_a_large_window_words_that_many_articles_hold_find_no_candidates():
    desk = Desk()
    titles = [
        f"Norland minister {name} opens school number {n}"
        for n, name in enumerate("abcdefghijklmnopqrstuvwxyz" * 2, 30)
    ]
    stories = group(desk, sheets(titles)).stories
    assert len(set(stories.values())) > 1


def test_two_speakers_on_two_days_are_two_stories_however_alike_their_words():
    desk = Desk()
    first = group(desk, sheets(["Lavrov says talks with Norland will go on in May"]))
    second = group(
        desk, sheets(["Peskov says talks with Norland failed in Brill"], first=2, hours=50), placed=first.stories
    )
    assert second.stories[ArticleId(2)] != first.stories[ArticleId(1)]
    assert not desk.company.likely.get(ArticleId(2))


def test_two_statements_of_one_official_on_two_days_are_two_stories():
    desk = Desk()
    first = group(desk, sheets(["Lavrov says Norland is not ready for a treaty on grain"]))
    second = group(
        desk,
        sheets(["Lavrov says Norland must withdraw its fleet from Brill"], first=2, hours=26),
        placed=first.stories,
    )
    assert second.stories[ArticleId(2)] != first.stories[ArticleId(1)]


def test_the_headlines_of_a_large_event_hold_together_though_none_resembles_all():
    ring = {n: {m: 0.6 if abs(n - m) < 3 else 0.35 for m in range(8) if m != n} for n in range(8)}
    links = {ArticleId(a): {ArticleId(b): p for b, p in row.items()} for a, row in ring.items()}
    assert len(clusters(ids(*range(8)), links)) == 1


# Names


def ids(*numbers):
    return tuple(map(ArticleId, numbers))


def test_of_two_stories_that_become_one_the_larger_keeps_its_name_and_the_other_is_moved():
    naming = named([ids(1, 2, 3)], {ArticleId(1): StoryId(7), ArticleId(2): StoryId(8), ArticleId(3): StoryId(8)})
    assert set(naming.stories.values()) == {8}
    assert naming.moved == {7: 8}


def test_of_a_story_that_becomes_two_the_larger_part_keeps_its_name():
    placed = dict.fromkeys(ids(1, 2, 3), StoryId(7))
    naming = named([ids(1), ids(2, 3)], placed)
    assert naming.stories[ArticleId(2)] == 7
    assert naming.stories[ArticleId(1)] != 7
    assert naming.moved == {}


def test_a_part_that_leaves_the_story_it_was_born_with_gets_another_name():
    born = named([ids(1)], {}).stories[ArticleId(1)]
    placed = dict.fromkeys(ids(1, 2, 3), born)
    naming = named([ids(1), ids(2, 3)], placed)
    assert naming.stories[ArticleId(2)] == born
    assert naming.stories[ArticleId(1)] != born


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=20))
def test_every_article_has_one_story_and_no_story_that_lives_is_moved(rows):
    groups, placed = {}, {}
    for number, (now, before) in enumerate(rows, start=1):
        groups.setdefault(now, []).append(ArticleId(number))
        if before:
            placed[ArticleId(number)] = StoryId(before)
    naming = named(list(groups.values()), placed)
    assert sorted(naming.stories) == list(range(1, len(rows) + 1))
    assert len(set(naming.stories.values())) == len(groups)
    assert not set(naming.moved) & set(naming.stories.values())
    assert set(naming.moved.values()) <= set(naming.stories.values())
    assert set(placed.values()) <= set(naming.moved) | set(naming.stories.values())


def test_a_chain_of_likely_pairs_does_not_drag_strangers_together():
    links = {1: {2: 0.9}, 2: {1: 0.9, 3: 0.6}, 3: {2: 0.6}}
    links = {ArticleId(a): {ArticleId(b): p for b, p in row.items()} for a, row in links.items()}
    found = {frozenset(each) for each in clusters(ids(1, 2, 3), links)}
    assert frozenset(ids(1, 2)) in found
