"""Articles and the likeness of their pairs -> clusters: the two nearest clusters are joined until none are near enough."""

import heapq
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

_NEAR = 0.7
_EASE = 0.85  # 1 is the plain average over all pairs, which tears the many-voiced stories apart; 0 would be their sum

Item = TypeVar("Item", bound=Hashable)


def clusters(items: Iterable[Item], links: Mapping[Item, Mapping[Item, float]]) -> list[list[Item]]:
    """Group items by average link: a pair without a link counts as 0. Each item stands in one cluster.

    `links` is symmetrical and may name others than `items`, which are left aside. The same input in the same order
    gives the same clusters.
    """
    members = {number: [item] for number, item in enumerate(items)}
    numbers = {item: number for number, (item,) in members.items()}
    near = {
        number: {numbers[other]: link for other, link in links.get(item, {}).items() if other in numbers}
        for item, number in numbers.items()
    }
    heap = [(-link, a, b) for a, others in near.items() for b, link in others.items() if a < b and link >= _NEAR]
    heapq.heapify(heap)
    latest = len(members)
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue  # one of them was joined with another meanwhile
        members[latest] = members.pop(a) + members.pop(b)
        sums = near[latest] = _joined(near, a, b, latest)
        for other, total in sums.items():
            link = total / (len(members[latest]) * len(members[other])) ** _EASE
            if link >= _NEAR:
                heapq.heappush(heap, (-link, other, latest))
        latest += 1
    return list(members.values())


def _joined(near: dict[int, dict[int, float]], a: int, b: int, new: int) -> dict[int, float]:
    """The sums of links of a and b together; the neighbours now know `new` in their place."""
    sums = near.pop(a)
    for other, total in near.pop(b).items():
        sums[other] = sums.get(other, 0.0) + total
    sums.pop(a, None)
    sums.pop(b, None)
    for other, total in sums.items():
        others = near[other]
        others.pop(a, None)
        others.pop(b, None)
        others[new] = total
    return sums
