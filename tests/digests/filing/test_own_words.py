"""Topics of own words: how they are read, and what they find in invented headlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.gazetteer import load_families, load_names
from digests.errors import PersonError
from digests.filing.own_words import LONGEST, OwnTopics, slug_of, unheard
from digests.filing.registry import Registry
from digests.filing.relevance import Relevance
from digests.model.topics import Breadth, OwnWords
from tests.builders import article

READ = OwnTopics(load_names(), load_families())


def topic(words, breadth=Breadth.USUAL):
    return READ.topic(OwnWords(words=words, breadth=breadth))


def finds(words, title, text="", breadth=Breadth.USUAL):
    return bool(Relevance([topic(words, breadth)]).match(article(1, title, text=text)))


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("sanctions on Russian oil", "sanctions + Russia + oil."),
        ("news about the NATO chief", "Rutte."),
        ("Fico or Orban", "Fico or Orban."),
        ("protests in Serbia, not football", "protests + Serbia, without football."),
        ("“golden visa” Portugal", "“golden visa” + Portugal."),
        ("Nord Stream sabotage", "Nord Stream + sabotage."),
        ("Baltic Pipe", "Baltic Sea + Pipe."),
        ("Zvezda Shipyard strike", "Zvezda Shipyard + strike."),
        ("china rare earths", "China + rare earths."),
        ("санкции против российской нефти", "санкции + Russia + нефти."),
        ("中国稀土的出口", "China + 稀土 + 出口."),
        ("中国的与稀土", "China + 稀土."),
        ("peace talks in Sudan", "peace talks + Sudan."),
        ("Iran Iran talks", "Iran + talks."),
        ("Moscow Times", "Moscow Times."),
        ("EU tariffs on polish steel", "EU + tariffs + Poland + steel."),
        ("us black sea fleet", "US + Black Sea + fleet."),
        ("who mediates between Armenia and Azerbaijan?", "mediates + Armenia + Azerbaijan."),
        ("хочу знать, когда встретятся Лукашенко и Си", "встретятся + Lukashenko + Си."),
        ("中俄领导人会面", "Russia + China + 会面."),
        ("中美关系", "US + China."),
        ("straße", "straße."),
    ],
)
def test_words_are_read_as_names_families_and_phrases(words, line):
    assert topic(words).line == f"In your own words; I look for {line}"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("sanctions on Russian oil", "EU tightens price cap on Moscow's crude"),
        ("sanctions on Russian oil", "US sanctions Rosneft"),
        ("sanctions on Russian oil", "США ввели санкции против российских танкеров"),
        ("sanctions on Russian oil", "美国制裁俄罗斯石油公司"),
        ("Iran nuclear talks", "Araghchi and Witkoff hold negotiations on uranium enrichment"),
        ("china rare earths", "Beijing curbs rare-earth exports"),
        ("NATO chief", "Рютте закликав союзників"),
        ("undersea cables in the Baltic", "Finland boards tanker after subsea cable in Baltic is cut"),
        ("Fico or Orban", "Orban vetoes loan"),
        ("Trump tariffs", "US doubles duties on steel"),
        ("cyberattacks", "Ransomware gang claims hack of hospital"),
        ("Medyka crossing", "Poland reopens Medyka to lorries"),
    ],
)
def test_finds(words, title):
    assert finds(words, title)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("sanctions on Russian oil", "Russian oil output rises"),
        ("sanctions on Russian oil", "EU sanctions Belarus"),
        ("Iran nuclear talks", "Iran and Pakistan hold talks on border"),
        ("protests in Serbia not football", "Protests in Serbia after football match"),
        ("NATO chief", "Police chief resigns"),
        ("Sudan war", "Airstrikes hit South Sudan hospital"),
        ("Russia", "卢卡申科：白俄罗斯将举行选举"),
        ("protests in Iran", "A march in London"),
        ("Trump wedding", "US senator's wedding"),
        ("Rutte tariffs", "NATO staff complain of duties on cars"),
        ("cyberattacks", "A hack for longer holidays"),
    ],
)
def test_does_not_find(words, title):
    assert not finds(words, title)


def test_whoever_leads_a_country_is_told_from_it_until_more_is_wished_for():
    title = "US eyes base in Greenland"
    assert not finds("Trump Greenland", title)
    assert finds("Trump Greenland", title, breadth=Breadth.WIDE)
    assert not finds("Trump tariffs", "US doubles duties on steel", breadth=Breadth.NARROW)


def test_what_is_excluded_counts_wherever_it_stands():
    assert finds("Serbia protests", "Protests in Serbia", "Thousands came. Football was off.")
    assert not finds("Serbia protests without football", "Protests in Serbia", "Thousands came. Football was off.")


def test_where_a_report_was_written_is_not_what_it_is_about():
    assert not finds("protests in Iran", "Protests sweep Europe", "TEHRAN – Crowds gathered in Paris.")
    assert finds("protests in Iran", "Protests sweep Tehran", "TEHRAN – Crowds gathered.")


def test_narrow_asks_for_the_title_and_wide_is_content_with_most():
    title, text = "Oil prices climb", "Traders weigh new sanctions on Russian oil."
    assert finds("sanctions on Russian oil", title, text)
    assert not finds("sanctions on Russian oil", title, text, Breadth.NARROW)
    assert finds("sanctions on Russian oil", "Sanctions on Russian oil bite", breadth=Breadth.NARROW)
    assert not finds("sanctions on Russian oil", "Russia bans fuel exports")
    assert finds("sanctions on Russian oil", "Russia bans fuel exports", breadth=Breadth.WIDE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("about the", "What shall it be about"),
        ("not football", "What shall it be about"),
        ("x" * (LONGEST + 1), "too long"),
        ("alpha beta gamma delta epsilon zeta eta", "names 7 things"),
    ],
)
def test_words_that_make_no_topic_are_refused_with_what_would_be_right(words, said):
    with pytest.raises(PersonError, match=said):
        topic(words)


def test_the_same_words_have_the_same_slug_which_a_button_can_carry():
    first = slug_of(OwnWords(words="Rare  Earths"))
    assert (
        first == slug_of(OwnWords(words="rare earths")) != slug_of(OwnWords(words="rare earths", breadth=Breadth.WIDE))
    )
    assert len(first) == len("own-") + 12


@given(st.text(max_size=LONGEST), st.sampled_from(Breadth))
def test_any_words_are_read_or_refused(words, breadth):
    try:
        made = topic(words, breadth)
    except PersonError:
        return
    assert made.title
    assert made.sides


def test_what_no_article_has_a_word_of_is_told():
    news = [article(1, "Iran holds talks", text="On the atom."), article(2, "Rain in Oslo")]
    assert unheard(topic("Iran nucular talks"), news) == ("nucular",)
    assert unheard(topic("Iran talks"), news) == ()


# The registry


def registry():
    return Registry((), READ)


def test_own_topics_are_filed_once_they_are_followed_and_no_longer_than_that():
    own = OwnWords(words="rare earths")
    news, known = article(1, "Rare earths found"), registry()
    assert known.match(news) == ()
    assert known.follow([slug_of(own)]) == frozenset()
    known.learn([own, own, OwnWords(words="the")])
    assert known.get(slug_of(own)) == known.read(own)
    assert [each.title for each in known] == ["Rare earths"]
    assert known.match(news) == ()
    assert known.follow([slug_of(own)]) == {slug_of(own)}
    assert known.follow([slug_of(own)]) == frozenset()
    assert [match.topic for match in known.match(news)] == [slug_of(own)]
    known.follow([])
    assert known.match(news) == ()


def test_a_topic_says_why_the_best_of_some_articles_belongs_to_it():
    own, known = OwnWords(words="rare earths"), registry()
    told = [
        article(1, "A mine opens", text="It holds rare earths."),
        article(2, "Rare earths found"),
        article(3, "Rain"),
    ]
    assert known.why(slug_of(own), told) is None
    known.learn([own])
    assert known.why(slug_of(own), told) == "rare earths in the title"
    assert known.why(slug_of(own), told[2:]) is None


def test_what_nobody_has_any_more_is_known_and_filed_no_longer_but_what_was_asked_for_since_is():
    gone, kept, fresh = (OwnWords(words=words) for words in ("rare earths", "grain deal", "deep sea cables"))
    known = registry()
    known.learn([gone, kept])
    known.follow([slug_of(gone), slug_of(kept)])
    known.mark()
    known.learn([fresh])
    known.keep([kept])
    assert {each.title for each in known} == {"Grain deal", "Deep sea cables"}
    assert known.match(article(1, "Rare earths found")) == ()
    assert known.match(article(2, "Grain deal signed"))
    assert known.follow([slug_of(kept)]) == frozenset()
    known.learn([gone])
    assert known.follow([slug_of(gone), slug_of(kept)]) == {slug_of(gone)}


def test_what_two_threads_teach_at_a_time_is_both_known():
    class Slow(OwnTopics):
        """Reads nothing before somebody else has taught something."""

        def topic(self, own):
            if own == slow:
                known.learn([quick])
            return super().topic(own)

    slow, quick = OwnWords(words="rare earths"), OwnWords(words="deep sea cables")
    known = Registry((), Slow(load_names(), load_families()))
    known.learn([slow])
    assert {each.title for each in known} == {"Rare earths", "Deep sea cables"}
