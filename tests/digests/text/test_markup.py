"""Text that a person can read, whatever a feed hid in it."""

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.text.markup import headline, paragraphs, plain

PIECES = st.lists(
    st.sampled_from(
        ["<", ">", "&", "amp;", "lt;", "gt;", "#38;", "#x202e;", "<b>", "</p>", "<p class='a", '"', "'", "script>", "-->",
         "<!--", "]]>", "<![CDATA[", "nbsp;", "Read more", "Continue reading…", "[…]", ". ", " ", "\u202e", "\u0301", "e",
         "The post it appeared first on Us", "\ud800", "\x00", "Київ", "习近平", " - BBC News", " | "]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), PIECES))
def test_cleaning_twice_is_cleaning_once(markup):
    assert plain(plain(markup)) == plain(markup)


@given(st.one_of(st.text(), PIECES, PIECES.map(html.escape)))
def test_no_tag_control_or_odd_space_is_left(markup):
    text = plain(markup)
    assert not re.search(r"</?[a-zA-Z][^<>]*>", text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Co"} for character in text)
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]", text)
    assert text == " ".join(text.split())
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("<p>One &amp;amp; two</p><p>three</p>", "One & two three"),
        ("Envoy&amp;#039;s <b>“plan”</b>", "Envoy's “plan”"),
        ("Growth < 5 and inflation > 3", "Growth < 5 and inflation > 3"),
        ('Talks <img src="a>b.png" alt="c>d"> open', "Talks open"),
        ("Talks <b class='it's\">open</b>", "Talks open"),
        ("&lt;p&gt;Escaped&lt;/p&gt; twice", "Escaped twice"),
        ("Before <script>alert('x')</script>after <style>p {}", "Before after"),
        ("One<!-- two --> three <!-- four", "One three"),
        ("<![CDATA[Kept]]>", "Kept"),
        ("A<br/>line", "A line"),
        ("<b>W</b>ord's <a href='x'>end</a>.", "Word's end."),
        ("Cut off <a href='https://ne", "Cut off"),
        ("W\u200bor\u202ed\ufeff e\u0301", "Word é"),
        ("5\u00a0%\u3000of\u2003all", "5 % of all"),
    ],
)
def test_markup_gives_way_to_what_is_read(markup, text):
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("He agreed. Continue reading...", "He agreed."),
        ("<p>He agreed</p> <a href='x'>Continue reading...</a>", "He agreed"),
        ("He agreed. Read more »", "He agreed."),
        ("Он согласился. Читать далее", "Он согласился."),
        ("Він погодився. Детальніше", "Він погодився."),
        ("他同意了。阅读全文", "他同意了。"),
        ("It is over. (more…)", "It is over."),
        ("It is over. The post Over appeared first on The Herald.", "It is over."),
        ("It is over. This article was originally published on The Herald.", "It is over."),
        ("It is over […]", "It is over…"),
        ("It is over. [...]", "It is over."),
        ("[…] […]", ""),
        ("Children should read more.", "Children should read more."),
        ("Nothing to learn more about", "Nothing to learn more about"),
    ],
)
def test_calls_to_read_on_are_cut_and_news_is_not(markup, text):
    assert plain(markup) == text


@pytest.mark.parametrize("unit", ["&amp;", "&ampamp", "<", "<<b>b>", "<a '\"", "[…] ", "The post ", "<!--", "a - "])
def test_a_hostile_text_is_still_read(unit):
    text = plain(unit * 20_000)
    assert plain(text) == text


@pytest.mark.parametrize(
    ("title", "outlet", "clean"),
    [
        ("Envoys meet - BBC News", "BBC", "Envoys meet"),
        ("Envoys meet | Reuters", "Reuters", "Envoys meet"),
        ("Envoys meet — TASS", "TASS", "Envoys meet"),
        ("Envoys meet - The Northern Herald", "Northern Herald", "Envoys meet"),
        ("Envoys meet | World News | Northern Herald", "Northern Herald", "Envoys meet"),
        ("Envoys meet | Opinion", "Northern Herald", "Envoys meet | Opinion"),
        ("Envoys meet — TASS", "Pravda", "Envoys meet — TASS"),
        ("Trade resumes - China", "China Daily", "Trade resumes - China"),
        ("Reuters | Reuters", "Reuters", "Reuters | Reuters"),
        ("Kyiv–Moscow talks", "Moscow Times", "Kyiv–Moscow talks"),
        ("Live: envoys meet", "BBC", "Live: envoys meet"),
        ("Envoys meet - ???", "—", "Envoys meet - ???"),
    ],
)
def test_an_outlets_own_name_leaves_its_titles(title, outlet, clean):
    assert headline(title, outlet) == clean


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Talks fail in Brill</p><p>Envoys left.</p>", "Talks fail in Brill\n\nEnvoys left."),
        ("<h2>Talks fail</h2> Envoys left.", "Talks fail\n\nEnvoys left."),
        ("<p>Talks ‘fail’</p>\n<p>Envoys left.</p><a>Continue reading...</a>", "Talks ‘fail’\n\nEnvoys left."),
        ("Talks fail<br/><br>Envoys left", "Talks fail\n\nEnvoys left"),
        ("<p>Talks failed.</p><p>Envoys left.</p>", "Talks failed. Envoys left."),
        ("<p>Talks failed:</p><p>Envoys left.</p>", "Talks failed: Envoys left."),
        ("<p>Talks fail</p>", "Talks fail"),
        ("<p>Talks</p><script>a</p>b</script><p>Envoys left.</p>", "Talks Envoys left."),
        ("Talks fail", "Talks fail"),
    ],
)
def test_what_ends_without_a_mark_stands_apart_from_what_follows(markup, text):
    assert paragraphs(markup) == text


@given(st.text(alphabet="aB .<p>/hbr2\n", max_size=80))
def test_paragraphs_hold_what_plain_text_holds(markup):
    assert paragraphs(markup).replace("\n\n", " ") == plain(markup)
