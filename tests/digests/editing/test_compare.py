"""Who says what: groups, their own headlines and quotations, figures, and silence that is never guessed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.editing.compare import Watch, agreeing, compare, differing, group, since
from digests.model.comparisons import Group
from digests.model.sources import FeedSlug, FeedState, Gap, Ownership
from digests.model.stories import Report
from tests.builders import NOON, article, feed, outlet

HERALD = outlet("Herald", "GB")
DNIPRO = outlet("Dnipro Post", "UA")
AGENCY = outlet("Agency", "RU", Ownership.STATE)
CAPITAL = outlet("Capital", "US")
PEOPLE = outlet("People’s News", "CN", Ownership.STATE)
LATER = NOON + timedelta(hours=8)


def report(number, title, of=HERALD, origin=None, **more):
    return Report(article=article(number, title, of=of, **more), origin=origin or of.name)


def watch(*reports, feeds=(), states=None, gaps=(), until=LATER, topical=()):
    known = {each.slug: FeedState(feed=each.slug, last_good=until) for each in feeds}
    return Watch(
        reports=reports,
        topical=frozenset(topical),
        feeds=feeds,
        states=known if states is None else states,
        gaps=gaps,
        until=until,
    )


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (DNIPRO, Group.UKRAINE),
        (AGENCY, Group.RUSSIAN_STATE),
        (outlet("Exile", "RU"), Group.OTHERS),
        (PEOPLE, Group.CHINESE_STATE),
        (outlet("Harbour Daily", "CN", vantage="HK"), Group.OTHERS),
        (CAPITAL, Group.AMERICA),
        (HERALD, Group.EUROPE),
        (outlet("Tribune", "FR"), Group.EUROPE),
        (outlet("Times", "IN"), Group.OTHERS),
    ],
)
def test_an_outlet_stands_with_those_whose_view_it_gives(of, expected):
    assert group(of) is expected


def test_each_group_speaks_in_its_own_headline_and_the_others_come_last():
    reports = (
        report(1, "Envoys meet in Ankara for talks", outlet("Times", "IN")),
        report(2, "Live: envoys meet in Ankara", HERALD),
        report(3, "Envoys of two countries meet in Ankara", outlet("Tribune", "FR")),
        report(4, "Envoys meet in Ankara, agency reports", AGENCY),
    )
    sides = compare(reports, watch()).sides
    assert [(side.group, side.voices) for side in sides] == [
        (Group.EUROPE, 2),
        (Group.RUSSIAN_STATE, 1),
        (Group.OTHERS, 1),
    ]
    assert sides[0].headline.text == "Envoys of two countries meet in Ankara"
    assert sides[0].headline.article.id == 3


def test_a_group_is_not_heard_by_what_it_only_repeats():
    reports = (
        report(1, "Envoys meet in Ankara", HERALD, origin="Agency"),
        report(2, "Envoys meet again in Ankara today", outlet("Tribune", "FR")),
    )
    (side,) = compare(reports, watch()).sides
    assert side.headline.article.id == 2
    (alone,) = compare(reports[:1], watch()).sides
    assert alone.headline.article.id == 1


def test_a_report_unlike_all_others_speaks_for_no_group_and_is_no_silence():
    feeds = (feed("post", name="Dnipro Post", country="UA"),)
    reports = (
        report(1, "Envoys meet in Ankara for new talks", HERALD),
        report(2, "Envoys meet in Ankara for fresh talks", CAPITAL),
        report(3, "Envoys gather in Ankara for new talks", PEOPLE),
        report(4, "Football club sells striker", DNIPRO),
    )
    comparison = compare(reports, watch(feeds=feeds))
    assert Group.UKRAINE not in {side.group for side in comparison.sides}
    assert comparison.silent == ()


def test_quotations_are_those_that_a_group_alone_has():
    reports = (
        report(1, "Minister calls the talks “a first step” in Ankara", HERALD, text='Orlova spoke of "hard but fair" terms at the talks in Ankara on the weekend.'),
        report(2, "Minister calls the talks «a waste of time» in Ankara", AGENCY, text="Talks in Ankara were “hard but fair”, Orlova told the agency on the day."),
        report(3, "Minister on talks in Ankara", CAPITAL, text="Orlova said of the talks “a waste of time” and left Ankara soon after them."),
    )  # fmt: skip
    sides = {side.group: side for side in compare(reports, watch()).sides}
    assert sides[Group.EUROPE].quotations == ()
    assert sides[Group.AMERICA].quotations == ()


def test_a_quotation_comes_with_its_article_and_not_twice():
    text = "Minister Orlova spoke of “a long and cold road” to the envoys in Ankara after the talks."
    reports = (
        report(1, "Minister speaks of talks in Ankara", HERALD, text=text),
        report(2, "Minister speaks of the talks in Ankara", outlet("Tribune", "FR"), text=text),
        report(3, "Minister speaks at talks in Ankara", AGENCY, text='Orlova said "x" in the room, and left the room to the envoys in Ankara.'),
    )  # fmt: skip
    europe, russia = compare(reports, watch()).sides
    assert [(each.text, each.article.id) for each in europe.quotations] == [("a long and cold road", 1)]
    assert russia.quotations == ()


KILLED = "Strike on the mine kills {} miners"


def test_a_quotation_of_a_word_or_of_a_page_is_left_out():
    (side,) = compare((report(1, "Minister on “tremendously” long talks in Ankara"),), watch()).sides
    assert side.quotations == ()


def test_figures_that_cannot_both_be_right_stand_side_by_side():
    reports = (
        report(1, KILLED.format(12), HERALD),
        report(2, KILLED.format(15), AGENCY),
        report(3, KILLED.format(15), CAPITAL, origin="Agency"),
    )
    ((first, second),) = differing(reports)
    assert ("12" in first.text, first.article.id) == (True, 1)
    assert ("15" in second.text, second.article.id) == (True, 2)
    assert agreeing(reports) == ()


def test_an_old_figure_and_a_new_one_are_no_difference():
    old = report(1, KILLED.format(12), HERALD)
    new = report(2, KILLED.format(15), AGENCY, published=LATER)
    assert differing((old, new)) == ()
    corrected = report(3, KILLED.format(15), HERALD, published=NOON + timedelta(hours=1))
    assert differing((old, corrected)) == ()


def test_figures_that_groups_give_alike_are_agreed():
    reports = (report(1, KILLED.format(12), HERALD), report(2, KILLED.format(12), AGENCY))
    ((first, second),) = agreeing(reports)
    assert (first.article.id, second.article.id) == (1, 2)
    assert differing(reports) == ()
    assert agreeing((reports[0], report(3, KILLED.format(12), outlet("Tribune", "FR")))) == ()


STORY = (
    report(1, "Envoys meet in Ankara for new talks", HERALD),
    report(2, "Envoys meet in Ankara for new talks", CAPITAL),
    report(3, "Envoys meet in Ankara for new talks", outlet("Times", "IN")),
)
POST = feed("post", name="Dnipro Post", country="UA")


def test_a_group_that_was_read_throughout_and_has_nothing_is_silent():
    other = report(9, "Football club sells striker", DNIPRO)
    assert compare(STORY, watch(other, feeds=(POST,))).silent == (Group.UKRAINE,)
    assert since(STORY) == NOON - timedelta(hours=24)


@pytest.mark.parametrize(
    "seen",
    [
        watch(feeds=()),
        watch(feeds=(feed("times", name="Times", country="IN"),)),
        watch(feeds=(replace(POST, enabled=False),)),
        watch(feeds=(POST,), until=NOON + timedelta(hours=3)),
        watch(feeds=(POST,), states={}),
        watch(feeds=(POST,), states={POST.slug: FeedState(feed=POST.slug)}),
        watch(feeds=(POST,), states={POST.slug: FeedState(feed=POST.slug, last_good=LATER - timedelta(hours=4))}),
        watch(feeds=(POST,), gaps=(Gap(feed=POST.slug, start=None, end=NOON + timedelta(hours=1)),)),
        watch(feeds=(POST,), gaps=(Gap(feed=POST.slug, start=NOON + timedelta(hours=1), end=NOON + timedelta(hours=2)),)),
        watch(feeds=(POST, feed("second", name="Second", country="UA", language="uk"))),
        watch(report(9, "Envoys in Ankara", DNIPRO), feeds=(POST,)),
        watch(report(9, "A day of hope in Turkey", DNIPRO), feeds=(POST,), topical=(9,)),
    ],
    ids=["no feed", "another group's", "not in service", "too early", "never tried", "never read", "read long ago", "gap before", "gap within", "another language", "something like it", "something on the topic"],
)  # fmt: skip
def test_nobody_is_called_silent_in_doubt(seen):
    assert compare(STORY, seen).silent == ()


@pytest.mark.parametrize("told", [STORY[:2], (STORY[0], report(4, "Envoys meet in Ankara", outlet("Tribune", "FR")))])
def test_nobody_is_late_on_what_few_have_told(told):
    assert compare(told, watch(feeds=(POST,))).silent == ()


def test_gaps_of_other_feeds_and_times_do_not_matter():
    gaps = (
        Gap(feed=FeedSlug("other"), start=None, end=LATER),
        Gap(feed=POST.slug, start=None, end=NOON - timedelta(hours=1)),
        Gap(feed=POST.slug, start=LATER + timedelta(hours=1), end=LATER + timedelta(hours=2)),
    )
    assert compare(STORY, watch(feeds=(POST,), gaps=gaps)).silent == (Group.UKRAINE,)
