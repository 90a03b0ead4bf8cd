from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.conversation.times import meant_as_times, split_times, times
from digests.errors import PersonError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8", (time(8),)),
        ("8:00", (time(8),)),
        ("8am", (time(8),)),
        ("08.00", (time(8),)),
        ("20:30", (time(20, 30),)),
        ("7pm", (time(19),)),
        ("7:15 P.M.", (time(19, 15),)),
        ("12am", (time(0),)),
        ("12 pm", (time(12),)),
        ("18:30, 08:00 and 8", (time(8), time(18, 30))),
        ("08：00", None),
        ("25:00", None),
        ("8:60", None),
        ("8:5", None),
        ("13pm", None),
        ("0am", None),
        ("nonsense", None),
        ("-8", None),
        ("8 sharp", None),
        ("", None),
        ("and", None),
        ("1 2 3 4 5 6 7", None),
    ],
)
def test_times_are_read_as_people_write_them(text, found):
    if found is None:
        with pytest.raises(PersonError):
            times(text)
    else:
        assert times(text) == found


@given(st.lists(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)), min_size=1, max_size=6))
def test_what_is_written_out_is_read_back_sorted_and_once(slots):
    assert times(" ".join(f"{slot:%H:%M}" for slot in slots)) == tuple(sorted(set(slots)))


@given(st.text(max_size=300))
def test_any_text_is_times_or_refused_in_one_short_line(text):
    said = ""
    try:
        assert times(text)
    except PersonError as error:
        said = str(error)
    assert len(said) < 200
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("new start", ("new start", ())),
        ("new start at 8 pm", ("new start", (time(20),))),
        ("ukraine talks 08:00, 18:30", ("ukraine talks", (time(8), time(18, 30)))),
        ("at", ("", ())),
        ("crime and punishment", ("crime and punishment", ())),
        ("08:00", ("", (time(8),))),
    ],
)
def test_times_at_the_end_of_a_wish_are_split_off(text, split):
    assert split_times(text) == split


def test_what_is_meant_as_a_time_is_refused_and_no_part_of_a_name():
    with pytest.raises(PersonError, match="25:00"):
        split_times("new start 25:00")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("08:00 18:30", True),
        ("7pm", True),
        ("2", False),
        ("8 9", False),
        ("at 8:00", True),
        ("x 8:00", False),
        ("", False),
    ],
)
def test_only_times_with_more_than_digits_are_taken_for_times_without_a_command(text, meant):
    assert meant_as_times(text) is meant
