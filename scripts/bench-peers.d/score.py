"""Scores ranked line ranges by the definitions of the Go package retrieval/eval;
bench.py checks that Verbatim's own figures come out the same."""

import math

import numpy as np

DEPTH, FULL_LINES, REACH_LINES, RESAMPLES, SEED = 10, 100, 50, 1000, 20261122
# lines@5 and lines are the distinct lines in the first 5 and 10 passages.
FIGURES = ("recall@1", "recall@3", "recall@5", "recall@10", "line-nDCG@10", "reach@50", "lines@5", "lines")


def reading(hits):
    """The distinct lines in the order in which a reader meets them."""
    return list(dict.fromkeys(n for a, b in hits if a > 0 for n in range(a, b + 1)))


def ndcg(hits, gold):
    want, lines = set(reading(gold)), reading(hits)
    gain = sum(1 / math.log2(2 + r) for r, n in enumerate(lines) if n in want)
    ideal = sum(1 / math.log2(2 + r) for r in range(min(len(want), FULL_LINES)))
    return gain * min(1, FULL_LINES / max(len(lines), 1)) / ideal


def score(questions, hits):
    """A row of FIGURES for each question that has gold."""
    rows = []
    for q in questions:
        if gold := q["lines"]:
            found = hits[q["id"]][:DEPTH]
            first = next((i for i, (a, b) in enumerate(found, 1) if any(a > 0 and a <= d and c <= b for c, d in gold)), math.inf)
            lines = reading(found)
            reach = not set(reading(gold)).isdisjoint(lines[:REACH_LINES])
            rows.append([first <= 1, first <= 3, first <= 5, first <= 10, ndcg(found, gold), reach, len(reading(found[:5])), len(lines)])
    return np.array(rows, float)


def interval(rows):
    """Means with the ends of the middle 95 % of bootstrap resamples."""
    drawn = np.random.default_rng(SEED).integers(len(rows), size=(RESAMPLES, len(rows)))
    means = np.sort(np.array([rows[d].mean(0) for d in drawn]), 0)
    return rows.mean(0), means[RESAMPLES * 25 // 1000], means[RESAMPLES * 975 // 1000 - 1]
