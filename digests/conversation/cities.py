"""Cities that people live in, by zone: those the zone database does not name, and what its own are called elsewhere.

A zone's cities stand between semicolons, their spellings between bars; the first spelling is the one that is shown.
Abbreviations of zones stand with a city, because "EST" alone would miss the change of clocks.
"""

CITIES = {
    "Europe/Kyiv": (
        "Kyiv|Kiev|Київ|Киев|基辅|Ukraine|EET; Lviv|Lvov|Lwow|Львів|Львов; Odesa|Odessa|Одеса|Одесса; "
        "Kharkiv|Kharkov|Харків|Харьков; Dnipro|Dnipropetrovsk|Дніпро|Днепр; "
        "Zaporizhzhia|Запоріжжя|Запорожье; Vinnytsia|Вінниця; Mykolaiv|Миколаїв; Kherson|Херсон; "
        "Chernihiv|Чернігів; Poltava|Полтава; Ivano-Frankivsk|Івано-Франківськ; Chernivtsi|Чернівці; "
        "Uzhhorod|Ужгород; Rivne|Рівне; Lutsk|Луцьк; Ternopil|Тернопіль; Sumy|Суми; Cherkasy|Черкаси; Kryvyi "
        "Rih|Кривий Ріг; Zhytomyr|Житомир"
    ),
    "Europe/Moscow": (
        "Moscow|Москва|莫斯科|MSK; St Petersburg|Saint Petersburg|Petersburg|Санкт-Петербург|Петербург|圣彼得堡; "
        "Nizhny Novgorod|Нижний Новгород; Kazan|Казань; Rostov|Rostov-on-Don|Ростов-на-Дону; Sochi|Сочи"
    ),
    "Europe/Kaliningrad": "Kaliningrad|Калининград",
    "Europe/Samara": "Samara|Самара",
    "Asia/Yekaterinburg": "Yekaterinburg|Ekaterinburg|Екатеринбург; Chelyabinsk|Челябинск; Ufa|Уфа",
    "Asia/Novosibirsk": "Novosibirsk|Новосибирск",
    "Asia/Vladivostok": "Vladivostok|Владивосток; Khabarovsk|Хабаровск",
    "Europe/Minsk": "Minsk|Мінск|Минск",
    "Europe/Chisinau": "Chisinau|Kishinev|Chișinău|Кишинев|Кишинёв",
    "Asia/Tbilisi": "Tbilisi|თბილისი|Тбилиси",
    "Asia/Yerevan": "Yerevan|Երևան|Ереван",
    "Asia/Baku": "Baku|Bakı|Баку",
    "Asia/Almaty": "Almaty|Алматы; Astana|Nur-Sultan|Астана",
    "Asia/Tashkent": "Tashkent|Toshkent|Ташкент",
    "Asia/Bishkek": "Bishkek|Бишкек",
    "Europe/Warsaw": "Warsaw|Warszawa|Варшава; Krakow|Cracow|Kraków; Gdansk|Gdańsk; Wroclaw|Wrocław; Lodz|Łódź",
    "Europe/Vilnius": "Vilnius|Вільнюс|Вильнюс; Kaunas",
    "Europe/Riga": "Riga|Rīga|Рига",
    "Europe/Tallinn": "Tallinn|Таллінн|Таллин",
    "Europe/Helsinki": "Helsinki|Helsingfors",
    "Europe/Stockholm": "Stockholm; Gothenburg|Göteborg",
    "Europe/Copenhagen": "Copenhagen|København",
    "Europe/Berlin": (
        "Berlin|Берлін|Берлин|柏林|CET|CEST; Munich|München|Мюнхен; Hamburg; Frankfurt|Frankfurt am Main; "
        "Cologne|Köln; Bonn; Düsseldorf|Duesseldorf; Stuttgart; Leipzig; Dresden"
    ),
    "Europe/Paris": "Paris|Париж|巴黎; Strasbourg; Lyon; Marseille; Toulouse",
    "Europe/Zurich": "Zurich|Zürich|Цюрих; Geneva|Genève|Genf|Женева|日内瓦; Bern|Berne; Basel",
    "Europe/Vienna": "Vienna|Wien|Відень|Вена|维也纳",
    "Europe/Prague": "Prague|Praha|Прага; Brno",
    "Europe/Brussels": "Brussels|Bruxelles|Brussel|Брюссель|布鲁塞尔; Antwerp|Antwerpen",
    "Europe/Amsterdam": "Amsterdam; The Hague|Den Haag|Hague|Гаага|海牙; Rotterdam",
    "Europe/Rome": "Rome|Roma|Рим; Milan|Milano|Мілан|Милан; Naples|Napoli; Turin|Torino",
    "Europe/Madrid": "Madrid|Мадрид; Barcelona|Барселона; Valencia; Seville|Sevilla",
    "Europe/Lisbon": "Lisbon|Lisboa|Лісабон|Лиссабон; Porto",
    "Europe/London": "London|Лондон|伦敦|BST; Edinburgh; Manchester; Birmingham; Glasgow; Oxford; Cardiff",
    "Europe/Athens": "Athens|Athina|Αθήνα|Афіни|Афины; Thessaloniki",
    "Europe/Bucharest": "Bucharest|București|Бухарест; Cluj|Cluj-Napoca",
    "Europe/Belgrade": "Belgrade|Beograd|Београд|Белград",
    "Europe/Istanbul": "Istanbul|İstanbul|Стамбул|伊斯坦布尔; Ankara|Анкара|安卡拉; Izmir|İzmir; Antalya",
    "America/New_York": (
        "New York|NYC|New York City|Нью-Йорк|纽约|EST|EDT|ET; Washington|Washington DC|DC|Вашингтон|华盛顿; "
        "Boston|Бостон; Philadelphia; Atlanta; Miami; Orlando; Pittsburgh; Baltimore; Cleveland; Charlotte; "
        "Tampa; Columbus"
    ),
    "America/Chicago": (
        "Chicago|Чикаго|芝加哥|CST|CDT|CT; Dallas; Houston; Austin; San Antonio; Minneapolis; St Louis|Saint "
        "Louis; New Orleans; Nashville; Milwaukee; Kansas City"
    ),
    "America/Denver": "Denver|MST|MDT|MT; Salt Lake City; Albuquerque",
    "America/Los_Angeles": (
        "Los Angeles|LA|Лос-Анджелес|洛杉矶|PST|PDT|PT; San Francisco|SF|Сан-Франциско|旧金山; Seattle; San Diego; "
        "San Jose CA; Portland; Las Vegas; Sacramento"
    ),
    "America/Toronto": "Toronto|Торонто|多伦多; Ottawa; Montreal|Montréal; Quebec|Québec",
    "America/Edmonton": "Edmonton; Calgary",
    "America/Sao_Paulo": "São Paulo|Sao Paulo; Rio de Janeiro|Rio; Brasilia|Brasília",
    "America/Argentina/Buenos_Aires": "Buenos Aires",
    "Asia/Shanghai": (
        "Shanghai|上海|Шанхай; Beijing|Peking|北京|Пекін|Пекин|China; Shenzhen|深圳; Guangzhou|广州; Chengdu|成都; "
        "Wuhan|武汉; Hangzhou|杭州; Nanjing|南京; Tianjin|天津; Xi'an|西安"
    ),
    "Asia/Hong_Kong": "Hong Kong|香港|HK|Гонконг",
    "Asia/Taipei": "Taipei|台北|Тайбэй|Taiwan",
    "Asia/Tokyo": "Tokyo|東京|东京|Токіо|Токио|JST; Osaka|大阪; Kyoto|京都; Hiroshima; Nagoya; Yokohama",
    "Asia/Seoul": "Seoul|서울|首尔|Сеул|KST; Busan|부산",
    "Asia/Pyongyang": "Pyongyang|평양|Пхеньян",
    "Asia/Singapore": "Singapore|新加坡|Сінгапур|Сингапур",
    "Asia/Ho_Chi_Minh": "Ho Chi Minh City|Saigon|HCMC; Hanoi|Hà Nội",
    "Asia/Kolkata": (
        "Delhi|New Delhi|दिल्ली|Делі|Дели|德里; Mumbai|Bombay|मुंबई|Мумбаї|Мумбаи|孟买; Kolkata|Calcutta; "
        "Bangalore|Bengaluru; Chennai|Madras; Hyderabad; Pune; Ahmedabad"
    ),
    "Asia/Karachi": "Karachi; Islamabad|Ісламабад|Исламабад; Lahore",
    "Asia/Kathmandu": "Kathmandu|Katmandu",
    "Asia/Dhaka": "Dhaka|Dacca",
    "Asia/Yangon": "Yangon|Rangoon",
    "Asia/Ulaanbaatar": "Ulaanbaatar|Ulan Bator",
    "Asia/Dubai": "Dubai|دبي|Дубай|迪拜; Abu Dhabi|أبوظبي|أبو ظبي|Абу-Дабі|Абу-Даби|阿布扎比",
    "Asia/Riyadh": "Riyadh|الرياض|Эр-Рияд; Jeddah|جدة; Mecca",
    "Asia/Qatar": "Doha|الدوحة|Доха",
    "Asia/Tehran": "Tehran|Teheran|تهران|Тегеран|德黑兰",
    "Asia/Jerusalem": "Jerusalem|ירושלים|Єрусалим|Иерусалим; Tel Aviv|תל אביב|Тель-Авів|Тель-Авив; Haifa",
    "Asia/Baghdad": "Baghdad|بغداد|Багдад",
    "Asia/Damascus": "Damascus|دمشق|Дамаск",
    "Africa/Cairo": "Cairo|القاهرة|Каїр|Каир; Alexandria",
    "Africa/Johannesburg": "Johannesburg; Cape Town; Pretoria; Durban",
    "Africa/Lagos": "Lagos; Abuja",
    "Africa/Casablanca": "Casablanca; Rabat",
    "Australia/Sydney": "Sydney|悉尼|Сідней|Сидней; Canberra",
    "Pacific/Auckland": "Auckland; Wellington",
    "America/Nuuk": "Nuuk|Godthab",
}
