"""Linear algebra for those who learn weights, small enough to need no library: a logistic regression with a ridge."""

import math
from collections.abc import Sequence
from operator import mul

_STEPS = 12
_STILL = 1e-4  # a step that moves no weight further than this is the last


def logistic_regression(
    rows: Sequence[Sequence[float]], targets: Sequence[float], weights: Sequence[float], ridge: float
) -> tuple[float, tuple[float, ...]]:
    """Intercept and coefficients by Newton's method; the ridge is on features of standard deviation 1."""
    total = sum(weights)
    columns, means, spreads = [], [], []
    for column in zip(*rows, strict=True):
        mean = sum(map(mul, column, weights)) / total
        spread = math.sqrt(sum(w * (x - mean) ** 2 for x, w in zip(column, weights, strict=True)) / total) or 1.0
        columns.append([(x - mean) / spread for x in column])
        means.append(mean)
        spreads.append(spread)
    columns.insert(0, [1.0] * len(rows))
    found = [0.0] * len(columns)
    for _ in range(_STEPS):
        odds = [sum(map(mul, found, row)) for row in zip(*columns, strict=True)]
        likely = [1 / (1 + math.exp(-max(-30.0, min(30.0, x)))) for x in odds]
        off = [w * (y - p) for w, y, p in zip(weights, targets, likely, strict=True)]
        curve = [w * max(1e-6, p * (1 - p)) for w, p in zip(weights, likely, strict=True)]
        square = [[0.0] * len(columns) for _ in columns]
        for i, column in enumerate(columns):
            bent = list(map(mul, column, curve))
            for k in range(i, len(columns)):
                square[i][k] = square[k][i] = sum(map(mul, bent, columns[k]))
        right = [sum(map(mul, column, off)) for column in columns]
        for i in range(1, len(columns)):
            square[i][i] += ridge
            right[i] -= ridge * found[i]
        step = solve(square, right)
        found = [weight + change for weight, change in zip(found, step, strict=True)]
        if max(map(abs, step)) < _STILL:
            break
    coefficients = tuple(weight / spread for weight, spread in zip(found[1:], spreads, strict=True))
    return found[0] - sum(map(mul, coefficients, means)), coefficients


def solve(square: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Gaussian elimination with pivots."""
    rows = [[*row, value] for row, value in zip(square, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(size):
            if k != i:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]
