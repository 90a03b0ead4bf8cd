from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.conversation.cities import ABBREVIATIONS, CITIES, COUNTRIES, SPOTS
from digests.conversation.zones import known_place, nearest_place, place
from digests.errors import PersonError


@pytest.mark.parametrize(
    ("text", "zone", "city"),
    [
        ("Kyiv", "Europe/Kyiv", "Kyiv"),
        ("kiev", "Europe/Kyiv", "Kyiv"),
        ("Київ", "Europe/Kyiv", "Kyiv"),
        ("Киев", "Europe/Kyiv", "Kyiv"),
        ("Europe/Kiev", "Europe/Kyiv", "Kyiv"),
        ("ЛЬВІВ", "Europe/Kyiv", "Lviv"),
        ("москва", "Europe/Moscow", "Moscow"),
        ("北京", "Asia/Shanghai", "Beijing"),
        ("Washington, DC", "America/New_York", "Washington"),
        ("nyc", "America/New_York", "New York"),
        ("Kyiv, Ukraine", "Europe/Kyiv", "Kyiv"),
        ("london uk", "Europe/London", "London"),
        ("New York, USA", "America/New_York", "New York"),
        ("Austria", "Europe/Vienna", "Vienna"),
        ("France", "Europe/Paris", "Paris"),
        ("Nigeria", "Africa/Lagos", "Lagos"),
        ("UAE", "Asia/Dubai", "Dubai"),
        ("Peru", "America/Lima", "Lima"),
        ("St. Petersburg", "Europe/Moscow", "St Petersburg"),
        ("sao paulo", "America/Sao_Paulo", "São Paulo"),
        ("Zürich", "Europe/Zurich", "Zurich"),
        ("asia/calcutta", "Asia/Kolkata", "Kolkata"),
        ("America/Indiana/Knox", "America/Indiana/Knox", "Knox"),
        ("US/Eastern", "US/Eastern", "Eastern"),
        ("Reykjavik", "Atlantic/Reykjavik", "Reykjavik"),
        ("utc", "UTC", "UTC"),
        ("GMT", "UTC", "UTC"),
        ("utc+0", "UTC", "UTC"),
        ("UTC+3", "Etc/GMT-3", "UTC+3"),
        ("gmt -5", "Etc/GMT+5", "UTC−5"),
        ("UTC−5", "Etc/GMT+5", "UTC−5"),
        ("+02:00", "Etc/GMT-2", "UTC+2"),
    ],
)
def test_a_city_is_known_by_any_of_its_names(text, zone, city):
    found = place(text)
    assert (found.zone, found.city) == (zone, city)


def test_every_spot_is_a_city_that_is_known():
    for city, (north, east) in SPOTS.items():
        assert known_place(city).city == city
        assert nearest_place(north, east).city == city


def test_every_zone_is_known_by_its_key():
    for key in available_timezones() - set(ABBREVIATIONS) - {"localtime", "Factory"}:
        ZoneInfo(place(key).zone)


@pytest.mark.parametrize("key", ["localtime", "Factory"])
def test_a_key_that_only_this_machine_knows_or_that_means_no_zone_is_none(key):
    with pytest.raises(PersonError, match="I know no city"):
        place(key)


def test_every_city_that_is_asked_about_is_known_by_the_name_that_is_shown():
    for cities in ABBREVIATIONS.values():
        assert all(known_place(city).city == city for city in cities)
    for country in (name for names in COUNTRIES.values() for name in names):
        try:
            cities = (place(country).city,)
        except PersonError as error:
            cities = error.choices
        assert cities
        assert all(known_place(city).city == city for city in cities)


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("USA", ("New York", "Chicago", "Denver", "Los Angeles")),
        ("Russia", ("Moscow", "Kaliningrad", "Samara", "Yekaterinburg")),
        ("EST", ("New York", "Toronto")),
        ("cst", ("Chicago", "Beijing")),
    ],
)
def test_what_is_the_name_of_several_times_is_asked_about(text, choices):
    with pytest.raises(PersonError, match=r"more than one .*Which city’s") as caught:
        place(text)
    assert caught.value.choices[: len(choices)] == choices


def test_a_city_of_another_country_of_the_same_name_is_not_taken():
    with pytest.raises(PersonError):
        place("Paris, Texas")


def test_every_city_of_ours_lies_in_a_zone_and_is_known_by_the_name_that_is_shown():
    for zone, cities in CITIES.items():
        assert zone in available_timezones()
        for city in cities.split("; "):
            shown = city.split("|")[0]
            assert known_place(shown).city == shown
            assert known_place(shown).zone == zone


@pytest.mark.parametrize(
    ("text", "city"), [("Kyyiv", "Kyiv"), ("Londn", "London"), ("Vashington", "Washington"), ("харькив", "Kharkiv")]
)
def test_a_misspelt_city_is_suggested(text, city):
    with pytest.raises(PersonError, match=f"Did you mean {city}") as caught:
        place(text)
    assert city in caught.value.choices


@pytest.mark.parametrize("text", ["qqqqqq", "", "\u202e\x00"])
def test_what_is_like_no_city_gets_an_example(text):
    with pytest.raises(PersonError, match="/timezone Kyiv"):
        place(text)


@pytest.mark.parametrize("text", ["UTC+15", "-13", "+5:30"])
def test_an_offset_that_no_zone_of_whole_hours_has_wants_a_city(text):
    with pytest.raises(PersonError, match="name a city"):
        place(text)


@pytest.mark.parametrize(
    ("spot", "zone"),
    [
        ((50.0, 36.2), "Europe/Kyiv"),
        ((38.9, -77.0), "America/New_York"),
        ((39.9, 116.4), "Asia/Shanghai"),
        ((19.0, 73.1), "Asia/Kolkata"),
        ((36.8, 10.2), "Africa/Tunis"),
        ((-16.9, 179.9), "Pacific/Fiji"),
        ((-36.8, 174.7), "Pacific/Auckland"),
    ],
)
def test_a_point_on_the_map_lies_in_the_zone_of_the_nearest_city(spot, zone):
    assert nearest_place(*spot).zone == zone


@given(st.text(max_size=400))
def test_any_text_is_a_place_or_refused_in_one_short_line(text):
    said = ""
    try:
        ZoneInfo(place(text).zone)
    except PersonError as error:
        said = str(error)
    assert len(said) < 200
    assert len(said.splitlines()) <= 1


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_point_lies_in_a_zone(latitude, longitude):
    ZoneInfo(nearest_place(latitude, longitude).zone)
