"""Words of news -> what they mean, one name for four languages, so that texts meet that share no letters. Pure.

Names of persons and places are digests.text.names' part, this is the rest: acts, things, numbers and dates.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from digests.text.tokens import terms

# One meaning a line: its name, then beginnings of terms in English, Russian and Ukrainian (the latter in the letters of
# the former, as terms are), and words in Chinese. What is shorter than four letters stands for itself only.
_MEANINGS = """
accuse: accus blame обвин звинувач 指责
agree: agre deal accord pact соглаш догов угод домов 协议 达成 协定
aid: aid assist помощ допомо 援助
air: airspac авиа авиац авіа повітрян воздуш 空域 领空
airport: airport аэропорт аеропорт 机场
appoint: appoint nominat назнач признач 任命
apologise: apolog извин вибач 道歉
arms: weapon arms оруж вооруж збро озбро 武器
army: troop soldier armi militari арм войск солдат військ вийськ военн 军队 士兵 部队
arrest: arrest detain задерж арест затрим заареш 逮捕 拘留
assets: asset актив 资产
balloon: balloon аэростат кульк кулям шар 气球
ban: ban prohibit запре заборон 禁止
bank: bank банк 央行 银行
blacklist: blacklist список списк 黑名单 实体清单
blast: blast explos explod bomb взрыв вибух подрыв 爆炸 炸弹
border: border границ кордон 边境 边界
bridg: bridg мост мист 大桥
budget: budget бюджет 预算
bus: bus автобус 巴士 公交
business: busi compan firm бизнес бизнесмен компан 企业 公司
call: phone telephon телефон разговор розмов созвон поговор 通电话 通话
capture: captur seiz захват захоп освобожд взял 占领 攻占 控制
car: car cars vehicl автомоб автомобил 汽车
carrier: carrier warship авианос авіанос флот корабл 航母 军舰 舰
ceasefire: ceasefir truce перемир прекращен припинен 停火
charge: charg indict обвинен 起诉
church: church церк 教会
coal: coal угол вугил 煤
conscript: conscript draft mobilis mobiliz призыв призов мобилиз мобілиз 征兵
coup: coup переворот заговор змов 政变
court: court judg суд 法院
crash: crash крушен авари 坠毁 坠机
cut: cut halt stop suspend прекра припин приостан призупин остан зупин 停止 暂停 切断
dead: dead death kill погиб загин жертв убит вбит 死亡 丧生 遇难 致死 身亡
deploy: deploy размест размещ розмищ розгорн развер 部署
deport: deport expel expuls высыл высла выдвор висла видвор 驱逐
diplomat: diplomat ambassador envoy посол посла дипломат посл 外交官 大使 特使
dissolve: dissolv роспуск распуст розпуст 解散
drill: drill exercis учен навчан маневр 演习 军演 演练
drone: drone drones uav беспилот безпилот дрон бпла 无人机
election: elect vote ballot выбор вибор голос 选举 大选 投票
electric: electr power grid электр електр энерг енерг свет свитл питан живлен 电力 电网 供电 停电 断电 电动
exchange: exchang swap prisoner обмен обмин плен полон 交换 战俘
export: export экспорт експорт 出口
extend: extend prolong продл продовж 延长
fire: fire blaze пожар пожеж 火灾
flood: flood наводн паводк затопл повин повен 洪灾 洪水 洪
free: free releas освобод звильн помилов 释放 获释
gas: gas lng газ спг 天然气
government: govern cabinet coalit правит уряд коалиц 政府 内阁
grain: grain wheat зерн пшениц 粮食 谷物
grenade: shell обстрел обстрил 炮击
hospital: hospit больниц госпит ликарн 医院
hostage: hostag залож заруч 人质
house: hous home apart residenti дом будин квартир жил житл 住宅 居民楼
import: import импорт импортн 进口
injured: wound injur hurt ранен поранен пострад постражд 受伤
instructor: instructor train инструктор инструкт 教官
invest: invest инвест инвестиц 投资
jail: jail prison sentenc тюр приговор вирок засудж увязн 监禁 判处 入狱
law: law bill закон законопро 法案 法律
leader: leader chief head лидер глав глава лидера 领导人
loan: loan credit кредит позик заем транш tranch imf 贷款
market: market bazaar рынок рынк ринок ринк 市场
meet: meet met summit talk visit receiv negoti встреч встрет переговор принял зустр зустрич прийня саммит визит перемов 会见 会谈 会晤 谈判 峰会 磋商
mine: mine miner шахт 矿
missile: missil rocket ракет 导弹 火箭
mosque: mosqu мечет 清真寺
nuclear: nuclear atom reactor аэс аес ядерн атомн 核
observe: observ monitor наблюд спостер 观察
oil: oil crude refineri нефт нафт нпз 石油 原油 炼油
opposition: opposit оппоз опозиц 反对派 反对党
parliament: parliament senat congress lawmak duma rada парламент сенат конгресс рада рад дум 议会 国会 参议院
peace: peac мир мирн 和平 和谈
pipeline: pipelin трубопров газопров 管道
plane: plane aircraft jet самолет литак истреб винищ 飞机 战机 航班
poison: poison отрав отру 毒
police: polic полиц полици милиц 警察 警方
port: port порт 港口
probe: probe investig расслед розслид 调查
protest: protest demonstr ralli протест митинг 抗议 示威
quake: quake землетр землетрус 地震
railway: railway rail train железнодор поезд зализни зализн поїзд поизд 铁路 火车
reject: reject rule-out refus отверг отказ видхил видмов 拒绝 否决
reopen: reopen resum open restart возобнов віднов вид открыт відкри видкри 恢复 重启 重新开放
resign: resign quit отстав відстав видстав 辞职
resolution: resolut резолюц 决议
return: return repatri возвра повер репатр вернул 归还 遣返 返回
body: bodi remain тела тел тило тил 遗体
sabotage: sabotag diversion диверс 破坏
sanction: sanction санкц 制裁
school: school школ 学校
ship: ship vessel boat судн судно корабел 船只 船
shipping: shipping судоход судноплав 航运
sign: sign decre подпис пидпис указ 签署 签字 法令
spy: spi espionag шпион шпигун 间谍
steel: steel стал 钢材 钢铁
strike: strike hit attack удар атак атаков вдар 袭击 空袭 打击
submarine: submarin подлод пидвод подводн 潜艇
summon: summon вызва виклик 召见
tanker: tanker танкер 油轮
tariff: tariff duti anti-dump dump пошлин мит мито антидемпин 关税 反倾销
temple: templ храм 寺庙
terror: terror suicid террор терак теракт смертник 恐怖 自杀式
test: test launch испыт запуск випроб запуск 试射 发射
threat: threaten угроз пригроз погроз 威胁
trade: trade commerc торгов торгив 贸易 经贸
turbine: turbin турбин 涡轮
vaccine: vaccin вакцин 疫苗
veto: veto вето 否决
visa: visa виз виза визы візи визов безвиз 签证 免签
warn: warn предупред поперед 警告
war: war войн війн вийн 战争
withdraw: withdraw withdrew pull вывод вывест выход вихид вивед виведен 撤军 撤出 退出
"""
_CHINESE = re.compile("[\u3400-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_SHORT = 4  # letters: a shorter beginning is a whole term
_NUMBER = re.compile(
    r"(?<![\w.,])\$?€?£?(?P<digits>\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)[\s\u00a0-]?"
    r"(?P<scale>bcm|bn|billion|million|mln|m\b|thousand|k\b|тыс|тис|млн|млрд|миллион|мильйон|мільйон|миллиард|мільярд|万|亿)?"
    r"|(?<=[\u3400-\u9fff])(?P<inside>\d+(?:\.\d+)?)(?P<many>万|亿)?"
)
_SCALES = {
    "bcm": 1e9, "bn": 1e9, "billion": 1e9, "million": 1e6, "mln": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3, "тыс": 1e3, "тис": 1e3,
    "млн": 1e6, "млрд": 1e9, "миллион": 1e6, "мильйон": 1e6, "мільйон": 1e6, "миллиард": 1e9, "мільярд": 1e9, "万": 1e4, "亿": 1e8,
}  # fmt: skip
_COUNTED = {
    number: value
    for value, numbers in (
        (1, "first первую первой первый першу першої перша"), (2, "two двое двух два две двоє двох дві second второй второго другий другого 两名 两人"),
        (3, "three трое троих трех три троє трьох 三名 三人"), (4, "four четверо четырех четыре четверо чотирьох чотири 四人"),
        (5, "five пятеро пяти пять пʼятеро п'ятеро пятьох п'ять пять 五家 五人"), (6, "six шестеро шести шесть шістьох шість 六人"),
        (7, "seven семеро семи семь сім сьоми семеро 七人"), (8, "eight восемь восьми вісім восьми 八人"), (9, "nine девять девяти дев'ять 九人"),
        (10, "ten десять десяти 十人"), (11, "eleven одиннадцать одиннадцати одинадцять"), (12, "twelve двенадцать двенадцати дванадцять"),
    )
    for number in numbers.split()
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['ʼ’][^\W\d_]+)?")


def _read() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Whole terms (what becomes of the listed words where texts are cut into terms), beginnings, Chinese words."""
    whole, beginnings, chinese = {}, {}, {}
    for line in _MEANINGS.strip().splitlines():
        name, words = line.split(":", 1)
        for word in words.split():
            if _CHINESE.match(word):
                chinese[word] = f"~{name}"
            else:
                whole.update(dict.fromkeys((word, *terms(word)), f"~{name}"))
                if len(word) >= _SHORT:
                    beginnings[word] = f"~{name}"
    return whole, beginnings, chinese


_WHOLE, _BEGINNINGS, _IN_CHINESE = _read()
_CHINESE_WORDS = re.compile("|".join(sorted(_IN_CHINESE, key=len, reverse=True)))


def meanings(text: str, cut: Iterable[str]) -> frozenset[str]:
    """What a text is about beside its names, in any of the four languages: "~dead", "#31". `cut` are its terms."""
    found = {each for term in cut if (each := _meaning(term))}
    found |= {_IN_CHINESE[word] for word in _CHINESE_WORDS.findall(text)}
    found |= {f"#{_value(match):g}" for match in _NUMBER.finditer(text)}
    found |= {f"#{_COUNTED[word]}" for word in _WORD.findall(text.casefold()) if word in _COUNTED}
    return frozenset(found)


def script(text: str) -> str:
    """In which of the languages a text is written, by its letters: "zh", "uk", "ru", or "en" for all Latin ones."""
    if _CHINESE.search(text):
        return "zh"
    if _UKRAINIAN.search(text):
        return "uk"
    return "ru" if _CYRILLIC.search(text) else "en"


@lru_cache(maxsize=100_000)
def _meaning(term: str) -> str | None:
    """The meaning of a whole term, or of the longest known beginning of it."""
    beginnings = (_BEGINNINGS.get(term[:length]) for length in range(len(term), _SHORT - 1, -1))
    return _WHOLE.get(term) or next(filter(None, beginnings), None)


def _value(match: re.Match[str]) -> float:
    digits = match["digits"] or match["inside"]
    if re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f,]\d{3})+", digits):
        digits = re.sub(r"\D", "", digits)
    return float(digits.replace(",", ".")) * _SCALES.get(match["scale"] or match["many"] or "", 1.0)
