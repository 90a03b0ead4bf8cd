"""Articles and the likeness of their pairs -> clusters: the two nearest clusters are joined until none are near enough."""

import heapq
import math
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

_NEAR = 0.55

Item = TypeVar("Item", bound=Hashable)


def clusters(items: Iterable[Item], links: Mapping[Item, Mapping[Item, float]]) -> list[list[Item]]:
    """Group items by the cosine of clusters: what links two of them, beside what holds each together.

    Of two single items it is their link; a cluster that is itself held together by faint links (hundreds of headlines
    on one event) asks no more of those who come. A pair without a link counts as 0. `links` is symmetrical and may name
    others than `items`, which are left aside. The same input in the same order gives the same clusters.
    """
    members = {number: [item] for number, item in enumerate(items)}
    numbers = {item: number for number, (item,) in members.items()}
    near = {
        number: {numbers[other]: link for other, link in links.get(item, {}).items() if other in numbers}
        for item, number in numbers.items()
    }
    heap = [(-link, a, b) for a, others in near.items() for b, link in others.items() if a < b and link >= _NEAR]
    heapq.heapify(heap)
    held = dict.fromkeys(members, 1.0)  # the sum of all links within, each item's with itself included
    latest = len(members)
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue  # one of them was joined with another meanwhile
        members[latest] = members.pop(a) + members.pop(b)
        held[latest] = held.pop(a) + held.pop(b) + 2 * near[a][b]
        sums = near[latest] = _joined(near, a, b, latest)
        for other, total in sums.items():
            link = total / math.sqrt(held[latest] * held[other])
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
