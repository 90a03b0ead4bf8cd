"""The tables, as migrations in order: what has been released is never edited, only followed by another.

Instants are whole microseconds since 1970 in UTC, which SQLite compares and indexes as it does numbers. A table that
holds anything on a chat has its id in a column `chat`, or hangs on one that has by ON DELETE CASCADE: what is moved,
exported and erased is found by that (chats.py).
"""

_ARCHIVE = """
CREATE TABLE feeds (
    slug TEXT PRIMARY KEY,
    outlet TEXT NOT NULL, country TEXT NOT NULL, ownership TEXT NOT NULL, vantage TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_states (
    feed TEXT PRIMARY KEY,
    etag TEXT, modified TEXT, body_hash TEXT,
    failures INTEGER NOT NULL, problem TEXT,
    next_check INTEGER, last_good INTEGER, oldest_entry INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE gaps (feed TEXT NOT NULL, start INTEGER, until INTEGER NOT NULL) STRICT;
CREATE INDEX gaps_by_end ON gaps (until);

-- `number` grows as articles come: the full text is read newest first along it, which the hashes in `id` cannot give.
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    feed TEXT NOT NULL REFERENCES feeds,
    title TEXT NOT NULL, text TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL,
    published INTEGER NOT NULL, first_seen INTEGER NOT NULL,
    keys TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_age ON articles (first_seen);

-- Keys outlive their articles, so that what a feed still shows does not come back as new.
CREATE TABLE article_keys (
    key TEXT PRIMARY KEY, feed TEXT NOT NULL REFERENCES feeds, seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX article_keys_by_age ON article_keys (feed, seen);

CREATE VIRTUAL TABLE article_words USING fts5 (
    title, text, content = 'articles', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_come AFTER INSERT ON articles BEGIN
    INSERT INTO article_words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER articles_go AFTER DELETE ON articles BEGIN
    INSERT INTO article_words (article_words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;

-- A queue: filing costs what is new, whatever the archive holds.
CREATE TABLE unfiled (
    published INTEGER NOT NULL, article INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (published, article)
) STRICT, WITHOUT ROWID;

-- `published` stands beside each article's id because windows are read by time; it never changes.
CREATE TABLE placements (
    article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    story INTEGER NOT NULL, origin TEXT NOT NULL, published INTEGER NOT NULL
) STRICT;
CREATE INDEX placements_by_time ON placements (published, article);
CREATE INDEX placements_by_story ON placements (story);

CREATE TABLE matches (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE, topic TEXT NOT NULL,
    score REAL NOT NULL, why TEXT NOT NULL, published INTEGER NOT NULL,
    PRIMARY KEY (article, topic)
) STRICT, WITHOUT ROWID;
CREATE INDEX matches_by_topic ON matches (topic, published, article);
CREATE INDEX matches_by_time ON matches (published, topic, article);

-- Each story that ceased, and the living one in its place: chains are cut short when they are written.
CREATE TABLE story_moves (story INTEGER PRIMARY KEY, successor INTEGER NOT NULL) STRICT;
CREATE INDEX story_moves_by_successor ON story_moves (successor);
"""

_DIGESTS = """
-- A snapshot holds ids where its articles stood; digest_articles keeps those articles from being pruned.
CREATE TABLE digests (id TEXT PRIMARY KEY, until INTEGER NOT NULL, snapshot TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX digests_by_age ON digests (until);

CREATE TABLE digest_articles (
    digest TEXT NOT NULL REFERENCES digests ON DELETE CASCADE, article INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (digest, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_articles_by_article ON digest_articles (article);

CREATE TABLE messages (
    chat INTEGER NOT NULL, thread INTEGER NOT NULL, message INTEGER NOT NULL,
    digest TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (chat, thread, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_by_time ON messages (chat, thread, at);
CREATE INDEX messages_by_age ON messages (at);
CREATE INDEX messages_by_digest ON messages (digest);
"""

# `free_at` is the machine's time, microseconds since 1970: the end of the lease while `held`, of the pause otherwise.
_LEDGER = """
CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    due INTEGER NOT NULL,
    zone TEXT NOT NULL,
    city TEXT,
    token INTEGER NOT NULL,
    held INTEGER NOT NULL,
    free_at INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    digest TEXT,
    heading TEXT,
    covered_until INTEGER,
    UNIQUE (chat, thread, day, slot)
) STRICT;
CREATE INDEX editions_open ON editions (free_at) WHERE NOT done;
CREATE INDEX editions_covered ON editions (chat, thread, covered_until);
CREATE TABLE deliveries (
    edition INTEGER NOT NULL REFERENCES editions ON DELETE CASCADE,
    part INTEGER NOT NULL,
    state TEXT NOT NULL,
    stories TEXT NOT NULL,
    message INTEGER,
    reason TEXT,
    PRIMARY KEY (edition, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_in_doubt ON deliveries (state) WHERE state IN ('sending', 'uncertain');
"""

_INBOX = """
CREATE TABLE updates (
    id INTEGER PRIMARY KEY, body BLOB NOT NULL, received INTEGER NOT NULL, handled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX updates_waiting ON updates (id) WHERE NOT handled;
CREATE INDEX updates_by_age ON updates (received) WHERE handled;
"""

# What was begun over both embedded stores and is not ended; `target` is a move's new id.
_INTENTS = """
CREATE TABLE intents (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, chat INTEGER NOT NULL, target INTEGER) STRICT;
"""

# What was asked for of articles' pages; beside the articles, so that neither their words nor their filing know of it.
_PAGES = """
CREATE TABLE pages (
    article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    asked INTEGER NOT NULL, text TEXT, failures INTEGER NOT NULL, problem TEXT, next_check INTEGER
) STRICT;
CREATE INDEX pages_by_age ON pages (asked);
"""

MIGRATIONS: tuple[str, ...] = (_ARCHIVE + _DIGESTS + _LEDGER + _INBOX, _INTENTS, _PAGES)
