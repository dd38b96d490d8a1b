#!/usr/bin/env python3
"""Writes generated.jsonl: texts near the lists in which nothing may be flagged.

Names one edit away from every listed name that mean something else, lawful bodies however they are written, places, and
official hosts in every same-host spelling. From the lists in rules/, a dictionary of others (jieba) and the rules in
README.md alone; nothing of the program is used. The same seed gives the same file. An edit that could be meant as an
evasion is not made: no homophone, no look-alike, nothing doubled or dropped inside a word, no other legal form or head.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install -r ../evasion/requirements.txt && /tmp/venv/bin/python generate.py
"""

import json
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "evasion"))

import domains  # noqa: E402
import jieba  # noqa: E402
import techniques  # noqa: E402
from lists import Name, is_active, organizations, registered  # noqa: E402
from pypinyin import lazy_pinyin  # noqa: E402

SEED = 20261123
CHINESE = [("下午路过", "，门口在晒被子。"), ("他毕业后去了", "，管仓库。"), ("", "今天停电，改在公园开会。"), ("奶奶剪报里有", "，纸都黄了。"), ("我给", "写过一封信，没有回音。")]
ENGLISH = [("My aunt works for the ", "; she waters the plants."), ("We walked past the ", " and it was closed."), ("A letter for the ", " came to us by mistake.")]

# What a name begins and ends with is of the kind that lists call interchangeable: never exchanged here.
HEADS = {"中国", "中华", "全国", "国家", "国际", "世界", "亚太", "亚洲", "中国国际", "中华民族"}
TAILS = set("协会 学会 研究会 联盟 联合会 基金会 委员会 促进会 总会 商会 中心 研究院 研究所 书画院 俱乐部 理事会 联谊会 分会 组委会 评委会 工作委员会 筹委会 研究中心 办事处 秘书处 代表处 支队 会 院 馆 产业 行业 企业".split())
# Words of an English name that renderings exchange or drop.
LOOSE = set("china chinese national international world the of and for in association society federation alliance union committee center centre institute foundation council commission league club academy art arts industry industrial".split())
# Ordinary words for one of a name's own.
ENGLISH_WORDS = (
    "Chess Bridge Violin Lantern Noodle Bamboo Pottery Bicycle Rowing Garden Kitchen Railway Harbour Museum Library Weather Glacier Volcano Insect Butterfly Mushroom Honey Cheese "
    "Pepper Ginger Cotton Leather Marble Copper Pencil Printing Typewriter Camera Puppet Drama Ballet Choir Trumpet Juggling Marathon Archery Fencing Curling Sailing Canoe Lighthouse "
    "Orchard Vineyard Forest Desert Wetland Sparrow Crane Turtle Dolphin Rabbit Pigeon Sheep Cattle Poultry Soil Seed Irrigation Tunnel Elevator Crystal Optics Acoustics Statistics "
    "Geology Botany Anatomy Dentistry Nursing Optometry Pharmacy Linguistics Archaeology Astronomy Philately Numismatics Origami Kite Carpet Curtain Umbrella Button Zipper Candle Soap"
).split()
# Words with such a character would make a name that hurts somebody.
UNFIT = set("党政军警战死尸毒暴恐腐败威胁敌罪犯贪淫色妓奸杀血病癌疫灾难恶贼匪盗奴宗教佛神鬼独裁革命权主席首领袖法院兵官奖监狱刑嫌疑骗假烟赌债亡葬墓痛伤残妇婴性裸屎尿粪垃圾废")
# Techniques that leave a registered name what it is; a lost or replaced character may make it another's.
FAITHFUL = [name for name in techniques.ALL if name not in {"pinyin-letter", "pinyin-instead", "truncated", "bracket-place"}]
# A first letter may be that of the character exchanged.
DISGUISES = [name for name in techniques.ALL if name not in {"pinyin-letter", "truncated"}]
PLACE_TAILS = ["站", "路", "街", "广场", "公园", "大桥", "小区", "码头", "菜市场"]
OFFICIAL_HOSTS = ["chinanpo.gov.cn", "chinanpo.mca.gov.cn", "mca.gov.cn", "cac.gov.cn", "beijing.gov.cn", "gov.cn"]


def dictionary():
    """Common words of the dictionary by length and kind: nouns and what goes before nouns, no names of places or people."""
    words = {}
    for line in jieba.get_dict_file().read().decode("utf-8").splitlines():
        word, count, kind = line.split(" ")
        if int(count) >= 300 and kind in ("n", "vn") and all(map(techniques.is_han, word)) and not UNFIT & set(word):
            words[word] = kind
    return words


def places():
    """Common names of places of two characters."""
    lines = (line.split(" ") for line in jieba.get_dict_file().read().decode("utf-8").splitlines())
    return sorted(word for word, count, kind in lines if kind == "ns" and len(word) == 2 and int(count) >= 300)


def differs(word, other):
    """Another meaning for ear and eye: no character sounds or looks like the one it stands for."""
    pairs = [(a, b) for a, b in zip(word, other) if a != b]
    sounds = all(x != y for a, b in pairs for x, y in zip(lazy_pinyin(a), lazy_pinyin(b)))
    looks = all(b not in techniques.look_alikes(a) and a not in techniques.look_alikes(b) for a, b in pairs)
    return sounds and looks


def inner_words(text):
    """The words between a name's head and its tail, with their places."""
    # A name with a bracket has rules of its own for what may be left out.
    parts = jieba.lcut(text) if "(" not in text else []
    inner = [i for i, part in enumerate(parts) if 0 < i < len(parts) - 1 and part not in HEADS | TAILS]
    return parts, [i for i in inner if len(parts[i]) >= 2]


def one_character(text, words, draw):
    """One character of a word exchanged, so that it is another common word."""
    parts, inner = inner_words(text)
    draw.shuffle(inner)
    for i in inner:
        part = parts[i]
        near = [w for w in words if len(w) == len(part) and sum(a != b for a, b in zip(w, part)) == 1 and differs(part, w)]
        if near:
            return "".join(parts[:i] + [draw.choice(near)] + parts[i + 1 :])
    return None


def one_word(text, words, draw):
    parts, inner = inner_words(text)
    if not inner:
        return None
    i = draw.choice(inner)
    near = [w for w in words if len(w) == len(parts[i]) and not set(w) & set(text) and differs(parts[i], w)]
    return "".join(parts[:i] + [draw.choice(near)] + parts[i + 1 :]) if near else None


def inserted(text, words, draw):
    parts, inner = inner_words(text)
    if not inner:
        return None
    i = draw.choice(inner)
    more = [w for w in words if len(w) == 2 and not set(w) & set(text) and w not in HEADS | TAILS]
    return "".join(parts[:i] + [draw.choice(more)] + parts[i:])


def deleted(text, words, draw):
    """A whole word left out, where something of its own still stands between head and tail."""
    parts, inner = inner_words(text)
    if len(inner) < 2:
        return None
    i = draw.choice(inner)
    return "".join(parts[:i] + parts[i + 1 :])


EDITS = {"substituted": one_character, "word": one_word, "inserted": inserted, "deleted": deleted}


def english_word(text, draw):
    parts = text.split(" ")
    own = [i for i, part in enumerate(parts) if part.lower() not in LOOSE and part.isalpha() and 0 < i < len(parts) - 1]
    if not own:
        return None
    i = draw.choice(own)
    others = [w for w in ENGLISH_WORDS if w.lower() not in text.lower()]
    return " ".join(parts[:i] + [draw.choice(others)] + parts[i + 1 :])


def framed(text, draw):
    before, after = draw.choice(ENGLISH if text.isascii() else CHINESE)
    return before + text + after


def near_names(entries, forbidden):
    words = sorted(dictionary())
    for key, entry in entries.items():
        if not is_active(entry):
            continue
        draw = random.Random(f"{SEED} {key}")
        chinese = [edit(entry["name"], words, draw) for edit in EDITS.values()] if entry.get("name") else []
        english = [english_word(text, draw) for text in (entry.get("translations") or {}).get("en") or [] for _ in range(2)]
        for text in dict.fromkeys(chinese + english):
            if text and not any(name.lower() in text.lower() for name in forbidden):
                yield "near-name", framed(text, draw), key
                # The same in disguise: what undoes a disguise must not lead back to the listed name.
                technique = draw.choice(DISGUISES)
                written = techniques.ALL[technique](Name(key, "name", text, "", False), draw)
                if written and written != text:
                    yield "near-name-hidden", framed(written, draw), key


def lawful():
    draw = random.Random(f"{SEED} registered")
    for text in registered():
        name = Name("", "name", text, "", False)
        yield "registered", framed(text, draw), None
        for technique in draw.sample(FAITHFUL, 8):
            written = techniques.ALL[technique](name, draw)
            if written and written != text:
                yield "registered", framed(written, draw), None


def near_places(entries):
    """A place, a word of a listed name, and what streets and stations are called."""
    draw, known = random.Random(f"{SEED} place"), places()
    plain = [entry["name"] for entry in entries.values() if is_active(entry) and entry.get("name")]
    for text in plain:
        parts, inner = inner_words(text)
        if inner:
            word, head = parts[draw.choice(inner)], draw.choice(known + ["中国", "中华", "国际"])
            yield "place", framed(head + word + draw.choice(PLACE_TAILS), draw), None


def official():
    draw = random.Random(f"{SEED} official")
    for host in OFFICIAL_HOSTS:
        for technique, templates in domains.FORMS.items():
            # A user part in front of an official host is an odd address, and no plain spelling of it.
            for template in templates if technique not in ("userinfo", "query") else []:
                label = draw.choice(domains.HAN_LABELS)
                before, span, after = (domains.written(part, host, label) for part in template)
                left, right = draw.choice(domains.CHINESE + domains.ENGLISH)
                yield "official", left + before + span + after + right, None


def main():
    entries = organizations()
    forbidden = {entry["name"] for entry in entries.values() if entry.get("name")}
    for entry in entries.values():
        forbidden |= set((entry.get("translations") or {}).get("en") or [])
        forbidden |= {alias["name"] for alias in entry.get("aliases") or []}
    rows = [*near_names(entries, forbidden), *lawful(), *near_places(entries), *official()]
    rows = [row for row in dict.fromkeys(rows) if not any(name in row[1] for name in forbidden)]
    with open(HERE / "generated.jsonl", "w", encoding="utf-8") as file:
        for number, (kind, body, near) in enumerate(rows, 1):
            line = {"id": f"b{number}", "class": kind, "body": body} | ({"near": near} if near else {})
            file.write(techniques.visible(json.dumps(line, ensure_ascii=False, separators=(",", ":"))) + "\n")
    kinds = [kind for kind, *_ in rows]
    print(len(rows), {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)})


if __name__ == "__main__":
    main()
