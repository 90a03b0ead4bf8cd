"""robots.txt as RFC 9309 reads it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.adapters.robots import EVERYTHING, NOTHING, read_robots


def robots(text, name="Cablegram"):
    return read_robots(text.encode(), name)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /private", "/private/1", False),
        ("Disallow: /private", "/public", True),
        ("Disallow:", "/anything", True),
        ("Disallow: /", "/", False),
        ("disallow : /private # not for guests", "/private", False),
        # The longest rule counts wherever it stands; of two of a length the one that allows.
        ("Disallow: /news\nAllow: /news/open", "/news/open/1", True),
        ("Allow: /news\nDisallow: /news/closed", "/news/closed", False),
        ("Disallow: /news\nAllow: /news", "/news", True),
        # Patterns.
        ("Disallow: /*?print=", "/story?print=1", False),
        ("Disallow: /*?print=", "/story?page=1", True),
        ("Disallow: /*.pdf$", "/a/story.pdf", False),
        ("Disallow: /*.pdf$", "/a/story.pdf?x", True),
        ("Disallow: /story$", "/story", False),
        ("Disallow: /story$", "/story/1", True),
        ("Disallow: /a*b*c", "/a-c-b", True),
        ("Disallow: /a*b*c", "/a-b-c-d", False),
        ("Disallow: /a*ba$", "/aba", False),
        ("Disallow: /a*aba$", "/aba", True),
        ("Disallow: *", "/anything", False),
        # One spelling for escaped and unescaped letters, but what is escaped to mean itself stays so.
        ("Disallow: /новини", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1", False),
        ("Disallow: /%7Eann", "/~ann", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_a_rule_means_what_the_standard_says(rules, path, allowed):
    assert robots(f"User-agent: *\n{rules}").allows(path) is allowed


GROUPS = """
User-agent: Other
User-agent: Cablegram/2
Disallow: /ours

User-agent: *
Disallow: /everybodys
Sitemap: https://herald.example/map.xml

User-agent: cablegram
Disallow: /ours-too
"""


def test_who_is_named_has_all_groups_of_his_name_and_no_others():
    assert not robots(GROUPS).allows("/ours")
    assert not robots(GROUPS).allows("/ours-too")
    assert robots(GROUPS).allows("/everybodys")
    assert not robots(GROUPS, "Guest").allows("/everybodys")
    assert robots(GROUPS, "Guest").allows("/ours")


def test_a_name_that_only_begins_like_ours_is_another():
    assert robots("User-agent: Cable\nDisallow: /").allows("/")


def test_rules_before_any_name_and_lines_that_are_none_say_nothing():
    assert robots("Disallow: /\n<html>\nUser-agent *\n").allows("/story")
    assert robots("") == EVERYTHING
    assert read_robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\xff", "Cablegram").allows("/story")


@pytest.mark.parametrize(
    ("line", "pause"),
    [("Crawl-delay: 10", 10), ("crawl-delay: 0.5", 0.5), ("Crawl-delay: soon", 0), ("Crawl-delay: nan", 0)]
    + [(f"Crawl-delay: {wrong}", 0) for wrong in ("-1", "inf", "86400")],
)
def test_a_wished_pause_is_told_in_seconds(line, pause):
    assert robots(f"User-agent: *\n{line}").pause == pause


def test_more_rules_than_can_be_looked_at_allow_nothing():
    many = "User-agent: *\n" + "\n".join(f"Disallow: /{number}" for number in range(2_001))
    assert robots(many).rules == NOTHING.rules


def test_hostile_patterns_cost_no_time():
    pattern = "/" + "*a" * 5_000 + "*b"
    began = time.perf_counter()
    assert robots(f"User-agent: *\nDisallow: {pattern}").allows("/" + "a" * 2_000)
    assert time.perf_counter() - began < 5  # backtracking would take years


@given(st.binary(max_size=300), st.text(max_size=50))
@settings(deadline=None)
def test_any_bytes_are_rules_and_any_path_has_an_answer(body, path):
    assert read_robots(b"User-agent: *\nDisallow: " + body, "Cablegram").allows(f"/{path}") in {True, False}
