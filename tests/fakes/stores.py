"""The stores in memory, as small as their ports allow; tests/contracts holds them to what the adapters do."""

from collections import defaultdict
from dataclasses import replace

from digests.adapters.documents import written_subscription
from digests.model.people import merged
from digests.model.stories import Report, Story


class MemoryArchive:
    """GatheringArchive, FilingArchive, PageArchive and ReadingArchive."""

    def __init__(self):
        self.states = {}
        self.known_gaps = []
        self.articles = {}
        self.keys = set()
        self.outlets = {}
        self.waiting = set()
        self.matches = []
        self.placements = {}
        self.moved = {}
        self.asked_pages = {}

    async def feed_states(self):
        return dict(self.states)

    async def known_keys(self, keys):
        return frozenset(self.keys.intersection(keys))

    async def save_gathering(self, gathering):
        self.states |= {state.feed: state for state in gathering.states}
        self.known_gaps += gathering.gaps
        self.outlets |= {article.feed: article.outlet for article in gathering.articles}
        before = len(self.articles)
        for article in gathering.articles:
            if self.keys.isdisjoint(article.keys) and article.id not in self.articles:
                self.articles[article.id] = article
                self.waiting.add(article.id)
                self.keys.update(article.keys)
        return len(self.articles) - before

    async def unfiled(self, limit):
        return tuple(sorted((self._article(identity) for identity in self.waiting), key=_age)[:limit])

    async def placed_since(self, since):
        return tuple(pair for pair in self._placed() if pair[0].article.published > since)

    async def save_filing(self, filing):
        new = self.waiting.intersection(filing.filed)
        filed_before = set(filing.filed) - new
        self.waiting -= new
        self.matches += [match for match in filing.matches if match.article in new]
        self.placements |= {each.article: each for each in filing.placements if each.article not in filed_before}
        self.moved |= filing.moved

    async def save_matches(self, matches):
        known = {(match.article, match.topic) for match in self.matches}
        self.matches += [
            match for match in matches if match.article in self.placements and (match.article, match.topic) not in known
        ]

    async def stories(self, topic, window):
        told = defaultdict(list)
        for report, story in self._placed():
            told[story].append(self._told(report))
        wanted = {self.placements[match.article].story for match in self._matched(window) if match.topic == topic}
        return tuple(
            Story(id=story, reports=tuple(reports), matches=self._matches(reports))
            for story, reports in told.items()
            if story in wanted
        )

    async def latest_match(self, topic, before):
        of_topic = [
            self._report(self.placements[match.article])
            for match in self.matches
            if match.topic == topic and match.article in self.placements
        ]
        past = [report for report in of_topic if report.article.published <= before]
        return max(past, key=lambda report: _age(report.article), default=None)

    async def gaps(self, since):
        return tuple(sorted((gap for gap in self.known_gaps if gap.end > since), key=lambda gap: (gap.end, gap.feed)))

    async def pages(self, articles):
        return {number: self.asked_pages[number] for number in articles if number in self.asked_pages}

    async def save_pages(self, pages):
        self.asked_pages |= {page.article: page for page in pages if page.article in self.articles}

    async def prune_pages(self, before):
        self.asked_pages = {number: page for number, page in self.asked_pages.items() if page.asked >= before}

    def _told(self, report):
        page = self.asked_pages.get(report.article.id)
        return replace(report, article=replace(report.article, text=page.text)) if page and page.text else report

    def _article(self, identity):
        article = self.articles[identity]
        return replace(article, outlet=self.outlets[article.feed])

    def _placed(self):
        placed = [(self._report(place), place.story) for place in self.placements.values()]
        return sorted(placed, key=lambda pair: _age(pair[0].article))

    def _report(self, place):
        return Report(article=self._article(place.article), origin=place.origin)

    def _matched(self, window):
        return [
            match
            for match in self.matches
            if match.article in self.placements and window.start < self.articles[match.article].published <= window.end
        ]

    def _matches(self, reports):
        return tuple(
            match
            for report in reports
            for match in sorted(self.matches, key=lambda match: match.topic)
            if match.article == report.article.id
        )


class MemoryDigests:
    """DigestStore."""

    def __init__(self):
        self.digests = {}
        self.messages = {}

    async def save_digest(self, digest):
        self.digests.setdefault(digest.id, digest)

    async def digest(self, digest_id):
        return self.digests.get(digest_id)

    async def remember_message(self, address, message, digest_id, at):
        self.messages[address, message] = (at, message, digest_id)

    async def digest_of_message(self, address, message):
        return self.messages.get((address, message), (None, None, None))[2]

    async def newest_digest(self, address, since):
        here = [row for (where, _), row in self.messages.items() if where == address and row[0] > since]
        return max(here, default=(None, None, None))[2]


class MemoryPeople:
    """People."""

    def __init__(self, *subscriptions):
        self.subscriptions = {each.address: each for each in subscriptions}

    async def get(self, address):
        return self.subscriptions.get(address)

    async def all(self):
        return tuple(self.subscriptions.values())

    async def change(self, address, wish):
        wished = wish(self.subscriptions.get(address))
        if wished is None:
            self.subscriptions.pop(address, None)
        elif wished != self.subscriptions.get(address):
            self.subscriptions[address] = wished
        return wished

    async def put(self, subscription):
        await self.change(subscription.address, lambda _: subscription)

    async def remove(self, address):
        await self.change(address, lambda _: None)


class MemoryChats:
    """Chats over such people, and a ledger where one is given."""

    def __init__(self, people, ledger=None):
        self.people = people
        self.ledger = ledger
        self.forgotten = []

    async def move(self, chat, to):
        for former in await self._of(chat):
            address = replace(former.address, chat=to)
            present = await self.people.get(address)
            await self.people.put(merged(former, present) if present else replace(former, address=address))
            await self.people.remove(former.address)
        if self.ledger is not None:
            await self.ledger.move(chat, to)

    async def forget(self, chat):
        for each in await self._of(chat):
            await self.people.remove(each.address)
        self.forgotten.append(chat)

    async def export(self, chat):
        return {"subscriptions": [written_subscription(each) for each in await self._of(chat)]}

    async def _of(self, chat):
        return [each for each in await self.people.all() if each.address.chat == chat]


class MemoryUpdates:
    """The store behind the bot's inbox."""

    def __init__(self):
        self.bodies = {}
        self.done = set()

    async def put(self, update_id, body):
        if update_id in self.bodies:
            return False
        self.bodies[update_id] = body
        return True

    async def unhandled(self, but=()):
        waiting = self.bodies.keys() - self.done - set(but)
        return tuple(self.bodies[update_id] for update_id in sorted(waiting))

    async def handled(self, update_id):
        self.done.add(update_id)


def _age(article):
    return article.published, article.id
