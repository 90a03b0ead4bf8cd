"""Clusters -> stories whose ids stay: what a reader was shown keeps its name while more of it is filed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import count

from digests.filing.company import Company
from digests.filing.likeness import Likeness
from digests.filing.linkage import clusters
from digests.filing.sheets import Sheet
from digests.model.articles import ArticleId
from digests.model.stories import StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Which story each article is of, and which story took the place of each that ceased."""

    stories: Mapping[ArticleId, StoryId]
    moved: Mapping[StoryId, StoryId]


_REACH = 0.3  # a fainter link of a fresh article moves nobody from story to story


@dataclass(slots=True)
class Desk:
    """The window of articles that are grouped anew together; it remembers their likeness from pass to pass."""

    likeness: Likeness = field(default_factory=Likeness)
    company: Company = field(default_factory=Company)

    def group(self, placed: Mapping[ArticleId, StoryId], fresh: Iterable[Sheet], known: Iterable[Sheet]) -> Naming:
        """Group the fresh articles with those placed before; `known` are the placed ones that the desk lacks.

        Only fresh articles and the stories with which one of them is linked are looked at again.
        """
        fresh = tuple(fresh)
        gone = [article for article in self.likeness.links if article not in placed]
        fewer = self.likeness.remove(gone)
        more = self.likeness.add((*known, *fresh))
        self.company.ask({*gone, *fewer, *more}, self.likeness)
        touched = tuple(self._reach([sheet.article for sheet in fresh], placed))
        groups = clusters(touched, self.company.likely)
        return named(groups, placed)

    def lacks(self, article: ArticleId) -> bool:
        """Whether the desk must be shown a placed article."""
        return article not in self.likeness.links

    def _reach(self, start: Sequence[ArticleId], placed: Mapping[ArticleId, StoryId]) -> Iterable[ArticleId]:
        members: dict[StoryId, list[ArticleId]] = {}
        for article, story in placed.items():
            members.setdefault(story, []).append(article)
        reached = dict.fromkeys(start)  # a dict for its order: the same input gives the same clusters
        for article in start:
            for other, likely in self.company.likely.get(article, {}).items():
                if likely >= _REACH and other not in reached:
                    reached.update(dict.fromkeys(members[placed[other]]))
        return reached


def named(groups: Sequence[Sequence[ArticleId]], placed: Mapping[ArticleId, StoryId]) -> Naming:
    """Give each group the story that most of its articles had, one group a story; the others are born.

    Where two stories become one, the larger keeps its name, or the one whose article comes first in `groups`; where
    one becomes two, the larger part.
    """
    overlaps = Counter(
        (placed[article], number) for number, group in enumerate(groups) for article in group if article in placed
    )
    names: dict[int, StoryId] = {}
    kept: set[StoryId] = set()
    for (story, number), _ in overlaps.most_common():
        if number not in names and story not in kept:
            names[number] = story
            kept.add(story)
    taken = set(placed.values())
    for number, group in enumerate(groups):
        if number not in names:
            names[number] = _born(group[0], taken)
            taken.add(names[number])
    moved: dict[StoryId, StoryId] = {}
    for (story, number), _ in overlaps.most_common():
        if story not in kept:
            moved.setdefault(story, names[number])
    return Naming(stories={article: names[n] for n, group in enumerate(groups) for article in group}, moved=moved)


def _born(first: ArticleId, taken: Collection[StoryId]) -> StoryId:
    """An id from the story's first article; another where a story that has parted from it already bears it."""
    for attempt in count():  # pragma: no branch
        digest = blake2b(f"{first}:{attempt}".encode(), digest_size=8).digest()
        story = StoryId(int.from_bytes(digest) >> 1)
        if story not in taken:
            return story
    raise AssertionError  # pragma: no cover
