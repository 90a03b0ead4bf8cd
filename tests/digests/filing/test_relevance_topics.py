"""The shipped topics on invented headlines of the kinds that their readers want, or do not."""

from pathlib import Path

import pytest

from config.catalogue import load_topics
from digests.filing.relevance import Relevance
from tests.builders import article

TOPICS = load_topics(Path(__file__).parents[3] / "config" / "topics")

# Headlines, some with a summary, written for other days than those that the topics were worked out on: U ukraine-talks,
# C china-russia, N new-start, - none of them.
INVENTED = [
    ([*line.split("\t"), ""])[:3]
    for line in (Path(__file__).parent / "invented.tsv").read_text(encoding="utf-8").splitlines()
]
LETTERS = {"ukraine-talks": "U", "china-russia": "C", "new-start": "N"}

BELONGS = {
    "ukraine-talks": """
Zelensky and Trump discuss peace plan in phone call
Kyiv rejects ceding territory in the east
Witkoff to meet Putin in Moscow this week
Kremlin says no date set for next round of negotiations with Ukraine
European leaders back security guarantees for Kyiv at Paris summit
Umerov flies to Miami for consultations with US team
Geneva talks on Ukraine end without agreement
Lavrov rules out ceasefire before root causes are resolved
Ukraine and Russia swap 200 prisoners each
US sends revised 28-point plan to Kyiv and Moscow
Turkey offers to host next Ukraine-Russia meeting
Putin says territorial question must be solved before any truce
Starmer, Macron and Merz call Zelenskyy after Berlin talks
Trump says Putin and Zelensky close to deal to end war
Зеленський: мирний план готовий на 90 відсотків
Делегація України прибула до Женеви на переговори з Росією
Кремль назвав умови припинення вогню
Песков: дата нового раунда переговоров по Украине пока не определена
Россия и Украина провели обмен пленными
Уиткофф и Кушнер прибыли в Москву
Коаліція охочих обговорила гарантії безпеки
俄乌第三轮谈判将在伊斯坦布尔举行
泽连斯基称愿意与普京会面讨论停火
特朗普特使威特科夫将赴莫斯科会见普京
""",
    "china-russia": """
China's imports of Russian oil hit record
Putin to visit Beijing in September
Gazprom and CNPC sign Power of Siberia 2 memorandum
Russian and Chinese bombers fly joint patrol near Japan
Japan scrambles jets as Russian and Chinese bombers patrol
EU sanctions Chinese refiners over Russian oil
US says Chinese firms supply drone parts to Russia
Lavrov meets Wang Yi in Moscow
Chinese banks refuse payments from Russia
China, Russia veto UN resolution on Iran
Russia and China sign visa-free travel deal
Zelensky accuses China of helping Russia's war
Сі Цзіньпін запросив Путіна до Пекіна
Китай збільшив закупівлі російської нафти
Путин и Си Цзиньпин провели переговоры
Товарооборот России и Китая вырос на 5%
中俄元首举行视频会晤
俄罗斯对华天然气出口增长
习近平同普京通电话
""",
    "new-start": """
Russia tests nuclear-powered Burevestnik missile
Trump orders Pentagon to resume nuclear testing
China's nuclear arsenal grows to 600 warheads, SIPRI says
Russia deploys nuclear-capable Oreshnik missiles in Belarus
US and Russia to resume strategic stability dialogue
Moscow will match any US nuclear test, Putin says
Beijing rejects Trump's call for denuclearisation talks
UN General Assembly calls for ban on nuclear tests
US tests Minuteman III intercontinental missile
Russia withdraws from moratorium on intermediate-range missiles
Kremlin: Washington has not answered on START limits
Термін дії договору СНО-III закінчився
Россия и США обсуждают замену ДСНВ
Путин заявил о готовности соблюдать ограничения СНВ-3
Трамп наказав відновити ядерні випробування
美俄新削减战略武器条约到期
中国拒绝参加核裁军谈判
俄罗斯试射洲际弹道导弹
""",
}

DOES_NOT = {
    "ukraine-talks": """
Russian drones hit Odesa port, two dead
Ukraine strikes oil refinery in Russia's south
EU approves new sanctions package against Russia
Zelensky dismisses defence minister
Putin meets Kyrgyz president in Moscow
Israel and Hamas resume ceasefire talks in Doha
US and Iran hold nuclear talks in Geneva
Ukraine opens EU accession talks chapter
Russia and India sign trade deal
Kyiv hit by blackout after missile attack
Ukraine receives first batch of fighter jets
IMF talks with Ukraine on loan enter final stage
Putin and Xi hold talks in Beijing
Russian peace activist jailed
Російські дрони атакували Харків
Россия нанесла удар по Одессе
Переговоры Ирана и США пройдут в Женеве
以色列与哈马斯停火谈判
俄军袭击敖德萨港口
Ukraine wins Eurovision semifinal
Russian central bank raises rate
""",
    "china-russia": """
China's economy grew 5% last year
Russia hits Kyiv with missiles
US warns of threats from Russia, China, Iran and North Korea
NATO chief says alliance must deter Russia and China
China and Japan trade barbs over Taiwan
Trump says he wants Greenland because of Chinese and Russian ships
Gold, oil and stocks fall as China data disappoint
India balances ties with US, Russia and China
German spy chief warns of Russian and Chinese espionage
Chinese New Year celebrated in Moscow
США и Китай договорились о пошлинах
中美贸易谈判在伦敦举行
""",
    "new-start": """
Iran and US hold nuclear talks in Oman
North Korea tests ballistic missile
Zaporizhzhia nuclear plant loses power
Rosatom to build nuclear power plant in Kazakhstan
US Navy commissions nuclear submarine
India and Pakistan exchange lists of nuclear installations
AI arms race between US and China heats up
Trump urges Senate to use nuclear option
Russia fires Iskander missiles at Kharkiv
Israel strikes Iranian nuclear sites, US says
China approves ten new nuclear reactors
Переговоры по иранской ядерной программе
На Запорізькій АЕС стався блекаут
伊朗核谈判在日内瓦举行
中国核电装机容量增长
A new start for Syria as Trump lifts sanctions
American football star makes a New Start
""",
}


def lines(headlines):
    return [(topic, line) for topic, text in headlines.items() for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def relevance():
    return Relevance(TOPICS)


@pytest.mark.parametrize(("topic", "headline"), lines(BELONGS))
def test_belongs(relevance, topic, headline):
    assert topic in [match.topic for match in relevance.match(article(1, headline))]


@pytest.mark.parametrize(("topic", "headline"), lines(DOES_NOT))
def test_does_not_belong(relevance, topic, headline):
    assert topic not in [match.topic for match in relevance.match(article(1, headline))]


@pytest.mark.parametrize(("labels", "title", "text"), INVENTED)
def test_belongs_to_its_topics_and_to_no_other(relevance, labels, title, text):
    found = {LETTERS[match.topic] for match in relevance.match(article(1, title, text=text))}
    assert found == set(labels) - {"-"}


def test_each_topic_tells_its_readers_what_it_is_about():
    for topic in TOPICS:
        assert topic.line.endswith(".")
        assert topic.background.endswith(".")
        assert all(question.endswith("?") for question in topic.questions)
