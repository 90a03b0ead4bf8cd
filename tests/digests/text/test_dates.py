"""Dates ahead in four languages, from the day of publication; what is in doubt is no date."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.dates import FARTHEST, ahead

WEDNESDAY = date(2026, 2, 4)


def spans(text, published=WEDNESDAY):
    return [(each.first.isoformat(), each.last.isoformat()) for each in ahead(text, published)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The envoys will meet on 17 February", "2026-02-17", "2026-02-17"),
        ("The envoys will meet on the 17th of February", "2026-02-17", "2026-02-17"),
        ("A second round is set for Feb. 4-5 in Ankara", "2026-02-04", "2026-02-05"),
        ("Ministers are due in Vienna on March 3 and 4", "2026-03-03", "2026-03-04"),
        ("The summit will be held on January 12", "2027-01-12", None),
        ("The pact expires on May 5, 2027", "2027-05-05", "2027-05-05"),
        ("Treaty to expire tomorrow", "2026-02-05", "2026-02-05"),
        ("They will meet the day after tomorrow", "2026-02-06", "2026-02-06"),
        ("On Thursday, the leaders will meet", "2026-02-05", "2026-02-05"),
        ("The court will rule this Friday", "2026-02-06", "2026-02-06"),
        ("Talks resume Sunday", "2026-02-08", "2026-02-08"),
        ("A round is planned for next week", "2026-02-09", "2026-02-15"),
        ("The envoy travels there later this week", "2026-02-05", "2026-02-08"),
        ("A vote is planned next month", "2026-03-01", "2026-03-31"),
        ("An answer is expected by the end of the month", "2026-02-05", "2026-02-28"),
        ("The ministers meet in ten days", "2026-02-14", "2026-02-14"),
        ("A summit will take place in April", "2026-04-01", "2026-04-30"),
        ("A summit will take place in April 2027", "2027-04-01", "2027-04-30"),
        ("The president will visit in the first half of 2026", "2026-01-01", "2026-06-30"),
        ("Deliveries begin in the third quarter of 2026", "2026-07-01", "2026-09-30"),
        ("Elections will be held by the end of 2027", "2027-01-01", "2027-12-31"),
        ("Переговоры состоятся 17 февраля", "2026-02-17", "2026-02-17"),
        ("Он сказал, что договор истекает завтра", "2026-02-05", "2026-02-05"),
        ("Встреча пройдет в пятницу", "2026-02-06", "2026-02-06"),
        ("Саммит пройдет на следующей неделе", "2026-02-09", "2026-02-15"),
        ("Визит планируется в первой половине 2027 года", "2027-01-01", "2027-06-30"),
        ("Наступний раунд відбудеться 10 лютого", "2026-02-10", "2026-02-10"),
        ("Зустріч запланована у березні", "2026-03-01", "2026-03-31"),
        ("两国元首将于2月17日会晤", "2026-02-17", "2026-02-17"),
        ("会议将于2026年3月4日至5日在京召开", "2026-03-04", "2026-03-05"),
        ("代表团明天抵达", "2026-02-05", "2026-02-05"),
        ("会谈后天继续", "2026-02-06", "2026-02-06"),
        ("会谈将于下周继续", "2026-02-09", "2026-02-15"),
        ("条约将于2027年上半年到期", "2027-01-01", "2027-06-30"),
    ],
)
def test_what_lies_ahead_is_worked_out_from_the_day_of_publication(text, first, last):
    assert spans(text) == ([(first, last)] if last else [])


@pytest.mark.parametrize(
    "text",
    [
        "The minister said Thursday that they will meet",
        "The envoys met on Friday",
        "The war that began on February 24, 2022",
        "Troops crossed the border on February 24",
        "The deal may come in March",
        "They would meet on Friday",
        "There will be no meeting unless they agree on Friday",
        "Growth since March will be reviewed",
        "The anniversary is marked on 24 February",
        "They may meet",
        "A march will be held",
        "Turnout will be 12 or 14",
        "The envoys will meet on 31 February",
        "The envoys will meet on February 9-5",
        "The envoys will meet on 4 February",
        "On Wednesday they will meet",
        "The plan will be ready in January",
        "The plan will be ready in 2045",
        "Things will change in 45 days",
        "Tomorrow's world",
        "The war goes into its fourth year next month",
        "New START Thursday",
        "Министр заявил в четверг, что согласен",
        "Войска вошли 24 февраля",
        "Міністр заявив у п’ятницю про згоду",
        "两国元首已于2月17日会晤",
    ],
)
def test_in_doubt_there_is_no_date(text):
    assert spans(text) == []


def test_at_the_end_of_a_year_the_next_one_is_meant():
    december = date(2025, 12, 29)
    assert spans("The envoys will meet on January 6", december) == [("2026-01-06", "2026-01-06")]
    assert spans("A summit will take place next month", december) == [("2026-01-01", "2026-01-31")]
    assert spans("A summit will take place in February", december) == [("2026-02-01", "2026-02-28")]


def test_next_week_is_in_doubt_at_the_edge_of_a_week():
    text = "A new round is scheduled for next week"
    assert spans(text, date(2026, 2, 1)) == spans(text, date(2026, 2, 2)) == []
    assert spans(text, date(2026, 2, 7)) == [("2026-02-09", "2026-02-15")]


def test_two_dates_of_a_sentence_stand_in_its_order():
    text = "Talks will be held on 10 February, and the treaty expires on 1 March 2026"
    assert spans(text) == [("2026-02-10", "2026-02-10"), ("2026-03-01", "2026-03-01")]
    assert [text[each.start : each.end] for each in ahead(text, WEDNESDAY)] == ["10 February", "1 March 2026"]


PIECES = st.sampled_from(
    [
        "will",
        "expires",
        "on",
        "in",
        "by",
        "next",
        "week",
        "Thursday",
        "Friday",
        "17",
        "31",
        "February",
        "Feb.",
        "4-5",
        "2026",
        "2099",
        "said",
        ",",
        ".",
        "the",
        "first",
        "half",
        "of",
        "tomorrow",
        "завтра",
        "в",
        "четверг",
        "17",
        "февраля",
        "состоится",
        "明天",
        "将于",
        "2月17日",
        "2026年",
        "下周",
        "Sunday",
        "and",
        "that",
    ]
)


@given(
    st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=14).map(" ".join)),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_whatever_the_text_a_date_ahead_is_a_stretch_that_is_not_over(text, published):
    found = ahead(text, published)
    for each in found:
        assert each.first <= each.last
        assert published < each.last <= published + FARTHEST
        assert 0 <= each.start < each.end <= len(text)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 150))
def test_a_written_day_is_found_again(published, days):
    day = published + timedelta(days=days)
    text = f"The envoys will meet on {day.day} {day:%B} {day.year}"
    assert [each.first for each in ahead(text, published)] == [day]
