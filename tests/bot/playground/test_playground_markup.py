import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.markup import BadMarkup, decode, entities_in_speech, parse_html, utf16_length


def test_nested_tags_become_entities_counted_in_utf16():
    text, entities = parse_html('🇺🇦 <b>bold <i>both</i></b> <a href="https://news.example/?a=1&amp;b=2">link</a>')
    assert text == "🇺🇦 bold both link"
    assert entities == [
        {"type": "bold", "offset": 5, "length": 9},
        {"type": "italic", "offset": 10, "length": 4},
        {"type": "text_link", "offset": 15, "length": 4, "url": "https://news.example/?a=1&b=2"},
    ]


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("a <", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=http://x>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="http://x', "Unclosed start tag at byte offset 0"),
        ("<a href=x", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a ", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(markup, complaint):
    with pytest.raises(BadMarkup) as raised:
        parse_html(markup)
    assert str(raised.value) == complaint


@pytest.mark.parametrize(
    ("markup", "kinds"),
    [
        ("<B>a</B>", ["bold"]),
        ("<b >a</b >", ["bold"]),
        ("<b>a</>", ["bold"]),
        ("<span class='tg-spoiler'>a</span>", ["spoiler"]),
        ("<blockquote expandable>a</blockquote>", ["blockquote"]),
        ("<blockquote expandable >a</blockquote>", ["blockquote"]),
        ('<pre><code class="language-c">a</code></pre>', ["code", "pre"]),
        ('<tg-emoji emoji-id="5">a</tg-emoji>', ["custom_emoji"]),
        ("<b></b>a", []),
        ('<a href="javascript:alert(1)">a</a>', []),
        ("<a>news.example</a>", ["text_link"]),
        ("<a href=news.example>a</a>", ["text_link"]),
        ("<a href = 'tg://user?id=5' title='x'>a</a>", ["text_link"]),
    ],
)
def test_what_telegram_takes_is_taken(markup, kinds):
    assert sorted(entity["type"] for entity in parse_html(markup)[1]) == kinds


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&lt", "<"),
        ("&nbsp;&copy;", "&nbsp;&copy;"),
        ("&#65;&#x4e2d;&#39;", "A中'"),
        ("&#0;&#xd800;&#1114112;", "&#0;&#xd800;&#1114112;"),
        ("&amp;lt;", "&lt;"),
        ("AT&T", "AT&T"),
    ],
)
def test_only_four_names_and_numbers_stand_for_characters(written, shown):
    assert decode(written) == shown


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text):
    assert parse_html(f"<b>{html.escape(text)}</b>")[0] == text


@given(st.text(alphabet="<>/=\"' abipre&;#x1n\n-"))
def test_any_markup_is_either_read_or_refused(markup):
    try:
        text, entities = parse_html(markup)
    except BadMarkup:
        return
    assert all(entity["offset"] + entity["length"] <= utf16_length(text) for entity in entities)


def test_a_client_marks_commands_mentions_and_addresses():
    spoken = entities_in_speech("🙂 /latest@cablegram_bot @ada see https://news.example and a/b")
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in spoken] == [
        ("bot_command", 3, 21),
        ("mention", 25, 4),
        ("url", 34, 20),
    ]
