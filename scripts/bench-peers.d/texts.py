"""Reads a set of transcripts and questions, and cuts transcripts into windows
that know their lines. Lines are counted from 1, both ends included."""

import bisect
import json
import pathlib
import re

WINDOW_WORDS = 120


class Text:
    """A transcript that tells the line of each character."""

    def __init__(self, name, text):
        self.name, self.text = name, text
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]

    def lines(self, start, end):
        """The lines of the characters from start up to, not with, end."""
        return [bisect.bisect_right(self.starts, start), bisect.bisect_right(self.starts, max(start, end - 1))]

    def windows(self):
        """(text, lines) of windows of 120 words without overlap."""
        words = list(re.finditer(r"\S+", self.text))
        for i in range(0, len(words), WINDOW_WORDS):
            start, end = words[i].start(), words[min(i + WINDOW_WORDS, len(words)) - 1].end()
            yield self.text[start:end], self.lines(start, end)


class Set:
    """The questions of a gold file and the transcripts that they speak of."""

    def __init__(self, gold):
        gold = pathlib.Path(gold)
        self.folder = gold.with_name(gold.name.removesuffix(".gold.jsonl"))
        self.name = f"{self.folder.parent.name}/{self.folder.name}"
        with open(gold, encoding="utf-8") as f:
            self.questions = [json.loads(line) for line in f if line.strip()]
        names = sorted({q["doc"] for q in self.questions})
        # newline="": a transcript is taken as it stands.
        self.texts = [Text(n, open(self.folder / n, encoding="utf-8", newline="").read()) for n in names]
