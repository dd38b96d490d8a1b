#!/usr/bin/env python3
"""Hides every active listed name and domain by every technique that can hide it: writes generated.jsonl.

Made from the lists in rules/, the data of others (requirements.txt) and the rules of judgement in README.md alone;
nothing of the program is used. The same seed gives the same file.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install -r requirements.txt && /tmp/venv/bin/python generate.py
"""

import json
import pathlib
import random

import domains
import techniques
from lists import names, registered

SEED = 20261122
HERE = pathlib.Path(__file__).resolve().parent

# Plainly invented scenes: what stands before and behind the name.
CHINESE = [
    ("有人提到", "，我没答话。"),
    ("练习册抄的是", "，字很大。"),
    ("纸箱印着", "。"),
    ("便条上是", "，还有涂鸦。"),
    ("猫踩出一行", "。"),
    ("黑板上没擦的是", "。"),
    ("广播里念到", "，断了。"),
    ("纸条写着", "，记不清为什么。"),
]
TRADITIONAL = [("有人提到", "，我沒答話。"), ("紙箱印著", "。"), ("廣播裡念到", "，斷了。")]
ENGLISH = [
    ("Someone said ", ", and I did not answer."),
    ("The fridge note reads ", "."),
    ("I copied out ", ", twice."),
    ("The cat typed ", "."),
    ("On the box: ", ", no date."),
]


def frame(name, technique, draw):
    """A carrier, with company for a name that needs it."""
    if technique == "reversed":
        before, after = ("Read it backwards: ", ", says the note.") if name.is_latin else ("倒着念：", "，纸条上这么写。")
    elif technique == "truncated":
        before, after = draw.choice(CHINESE)
        before, after = before + "“", "”" + after
    elif technique.startswith("traditional"):
        before, after = draw.choice(TRADITIONAL)
    else:
        before, after = draw.choice(ENGLISH if name.is_latin else CHINESE)
    if name.company:
        after += f" Beside it: {name.company}." if name.is_latin else f"旁边还有{name.company}。"
    return before, after


def hidden_names():
    listed = names()
    others = {name.text for name in listed}
    tails = [name.text for name in listed] + registered()
    for name in listed:
        for technique, hide in techniques.ALL.items():
            draw = random.Random(f"{SEED} {technique} {name.organization} {name.text}")
            if technique in techniques.EVERY_SECOND and draw.random() < 0.5:
                continue
            span = hide(name, draw)
            # A technique may have nothing to do with a name, or make it another listed one.
            if not span or span == name.text or span in others:
                continue
            # A tail that other bodies share says nothing about whose head is lost.
            if technique != "truncated" or sum(other.endswith(span) for other in tails) == 1:
                before, after = frame(name, technique, draw)
                yield technique, name.organization, name.via, before, span, after


def main():
    rows = [*hidden_names(), *domains.hidden(random.Random(SEED))]
    keys = ("technique", "organization", "via", "before", "span", "after")
    with open(HERE / "generated.jsonl", "w", encoding="utf-8") as file:
        for number, row in enumerate(rows, 1):
            line = {"id": f"g{number}"} | dict(zip(keys, row))
            file.write(techniques.visible(json.dumps(line, ensure_ascii=False, separators=(",", ":"))) + "\n")
    counts = {}
    for technique, *_ in rows:
        counts[technique] = counts.get(technique, 0) + 1
    print(len(rows), counts)


if __name__ == "__main__":
    main()
