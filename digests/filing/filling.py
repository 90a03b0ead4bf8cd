"""Words that name nothing where a person says what he wants to follow, in four languages."""

FILLING = frozenset(
    (
        "a", "an", "the", "of", "on", "in", "at", "to", "for", "by", "with", "from", "between", "about", "against",
        "and", "over", "into", "amid", "around", "regarding", "concerning", "its", "their", "his", "news", "latest",
        "updates", "update", "story", "stories", "everything", "anything", "all", "any", "what", "whats", "is", "are",
        "happening", "going", "how", "о", "об", "на", "в", "во", "из", "от", "для", "между", "про", "и", "по",
        "против", "с", "со", "новости", "всё", "все", "что", "у", "та", "й", "і", "щодо", "між", "проти", "від", "з",
        "зі", "новини", "усе", "що", "的", "和", "与", "在", "对", "新闻", "who", "whom", "whose", "when", "where", "why",
        "which", "does", "do", "did", "will", "would", "should", "could", "can", "i", "i'm", "i'd", "me", "my", "we",
        "our", "be", "been", "being", "has", "have", "had", "was", "were", "there", "this", "that", "these", "those",
        "please", "tell", "show", "give", "follow", "want", "wants", "like", "know", "learn", "hear", "read",
        "interested", "next", "upcoming", "round", "rounds", "topic", "topics", "related", "кто", "кого", "где",
        "когда", "куда", "почему", "зачем", "как", "какой", "какая", "какие", "ли", "мне", "меня", "я", "хочу",
        "хотел", "знать", "узнать", "читать", "покажи", "расскажи", "пожалуйста", "следующий", "следующая", "раунд",
        "раунды", "раунда", "тема", "вопрос", "новость", "хто", "де", "коли", "куди", "чому", "навіщо", "як", "який",
        "яка", "які", "чи", "мені", "мене", "хотів", "знати", "дізнатися", "читати", "розкажи", "будь", "ласка",
        "наступний", "наступна", "раунди", "раунду", "питання", "новина", "什么时候", "何时", "什么", "谁", "为什么", "为何", "如何",
        "怎么", "怎么样", "哪里", "哪些", "请", "请问", "关于", "有关", "我想", "我想知道", "最新", "消息", "下一轮", "吗", "情况", "问题", "领导人", "关系", "relations", "relationship", "ties", "отношения", "отношений", "відносини", "відносин", "стосунки",
    )
)  # fmt: skip
