"""Ways to hide a name: each takes a listed name and a seeded draw, and gives the name as hidden, or None where it cannot."""

import functools
import html
import string
import unicodedata
import urllib.parse

import jieba
import opencc
from confusable_homoglyphs import confusables
from pypinyin import Style, pinyin

jieba.setLogLevel(60)
TO_TAIWAN, TO_HONG_KONG = opencc.OpenCC("s2tw"), opencc.OpenCC("s2hk")

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
SELECTORS = [chr(c) for c in range(0xFE00, 0xFE10)] + [chr(c) for c in range(0xE0100, 0xE0110)]
TAGS = [chr(0xE0000 + ord(c)) for c in string.ascii_lowercase]
BIDI = "\u200e\u200f\u202a\u202c\u202d\u2066\u2067\u2068\u2069\u061c"
MARKS = "\u0300\u0301\u0307\u0308\u0323\u0332\u0335\u0336\u0338\u20dd\u20e0"
SIGNS = "·-—_*~+/|.=#^&•‧・◆★…"
EMOJI = ["🌸", "🔥", "✨", "👍", "🌹", "💰", "🎁", "☀️", "👨‍👩‍👧"]
NOISE = ["**", "--", "~~", "..", "~*~", "→", "★☆", "==", "_._", "🌸🌸", "· ·", "*#*"]
TAG_PAIRS = [("<b>", "</b>"), ("<em>", "</em>"), ('<span class="x">', "</span>"), ("<i>", "</i>"), ("<font color=red>", "</font>")]
BB_PAIRS = [("[b]", "[/b]"), ("[i]", "[/i]"), ("[color=red]", "[/color]"), ("[size=4]", "[/size]")]
MARKDOWN_PAIRS = [("**", "**"), ("__", "__"), ("~~", "~~"), ("`", "`"), ("*", "*")]
PAIRS = [("（", "）"), ("(", ")"), ("【", "】"), ("《", "》"), ("「", "」"), ("『", "』"), ("“", "”"), ("[", "]")]
PLACES = ["北京", "上海", "浙江", "广州", "成都", "武汉", "河北", "香港"]
ENGLISH_PLACES = ["Beijing", "Shanghai", "Zhejiang", "Hong Kong", "Wuhan"]
LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
STYLES = [0x1D400, 0x1D434, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C, 0x1D670]


def is_han(character):
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


def is_latin(character):
    return character in string.ascii_letters


def visible(text):
    """JSON escapes for what a reader of the file would not see."""
    hidden = ("Cf", "Mn", "Me", "Cc", "Zl", "Zp", "Co", "Cn")

    def escape(character):
        if unicodedata.category(character) not in hidden and character not in "\u3000\u00a0":
            return character
        units = character.encode("utf-16-be")
        return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

    return "".join(map(escape, text))


def some(draw, places, least=1):
    """A few of the places: at least `least`, about a third of them."""
    places = list(places)
    return set(draw.sample(places, min(len(places), max(least, len(places) // 3))))


def change(name, draw, table, least=1):
    """Some of the characters that the table has, replaced."""
    places = [i for i, c in enumerate(name.text) if table(c)]
    if not places:
        return None
    chosen = some(draw, places, least)
    return "".join(draw.choice(table(c)) if i in chosen else c for i, c in enumerate(name.text))


def gaps(name, draw, signs, every=False):
    """Signs in the gaps between letters: in some, or in every one."""
    inner = [i for i in range(1, len(name.text)) if name.text[i] != " " and name.text[i - 1] != " "]
    chosen = set(inner) if every else some(draw, inner, 2)
    return "".join((draw.choice(signs) if i in chosen else "") + c for i, c in enumerate(name.text))


def words(name):
    return name.text.split(" ") if name.is_latin else jieba.lcut(name.text)


# -- one character for another

def width(name, draw):
    wide = {c: chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))} | {" ": "\u3000"}
    return "".join(wide.get(c, c) for c in name.text)


def case(name, draw):
    if not any(map(is_latin, name.text)):
        return None
    ways = [str.lower, str.upper, str.swapcase, lambda t: "".join(draw.choice([c.lower(), c.upper()]) for c in t)]
    return draw.choice(ways)(name.text)


def styled(name, draw):
    style = draw.choice(STYLES)

    def letter(c):
        at = string.ascii_uppercase.find(c) if c.isupper() else 26 + string.ascii_lowercase.find(c)
        return chr(style + at)

    # The mathematical letters have holes where another block already had the letter.
    if not any(map(is_latin, name.text)):
        return None
    text = "".join(letter(c) if is_latin(c) else c for c in name.text)
    return text if all(unicodedata.name(c, "") for c in text) else None


ENCLOSED = {}
for block in (range(0x3200, 0x3400), range(0x2460, 0x2500), range(0x1F100, 0x1F252)):
    for point in block:
        base = unicodedata.normalize("NFKC", chr(point)).strip("()〔〕")
        if len(base) == 1 and (is_han(base) or is_latin(base)):
            ENCLOSED.setdefault(base, []).append(chr(point))


def enclosed(name, draw):
    return change(name, draw, lambda c: ENCLOSED.get(c, []), least=2)


def traditional_taiwan(name, draw):
    return None if name.is_latin else TO_TAIWAN.convert(name.text)


def traditional_hong_kong(name, draw):
    return None if name.is_latin else TO_HONG_KONG.convert(name.text)


def traditional_uneven(name, draw):
    if name.is_latin:
        return None
    converted = TO_TAIWAN.convert(name.text)
    places = [i for i, (a, b) in enumerate(zip(name.text, converted)) if a != b]
    chosen = set(draw.sample(places, (len(places) + 1) // 2)) if len(converted) == len(name.text) else set()
    return "".join(converted[i] if i in chosen else c for i, c in enumerate(name.text))


@functools.cache
def look_alikes(character):
    """What UTS 39 says looks like it: single letters of other scripts, and variant forms of Han characters."""
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[]) or []
    others = [row["c"] for entry in found for row in entry["homoglyphs"] if entry["character"] == character]

    def fits(other):
        if len(other) != 1 or ord(other) < 0x80 or not unicodedata.category(other).startswith("L"):
            return False
        # Mathematical and full-width letters are a style; another case is no look-alike of this letter.
        return is_han(character) or unicodedata.normalize("NFKC", other) == other and other.isupper() == character.isupper()

    return sorted(filter(fits, others))


def confusable(name, draw):
    return change(name, draw, lambda c: look_alikes(c) if is_latin(c) or is_han(c) else [], least=2)


def leet(name, draw):
    return change(name, draw, lambda c: LEET.get(c.lower(), ""), least=2) if name.is_latin else None


# -- something between the characters

def marks(name, draw):
    chosen = draw.choice(MARKS)
    return "".join(c + chosen if c != " " else c for c in name.text)


def marks_some(name, draw):
    return change(name, draw, lambda c: [c + mark for mark in MARKS[:8]] if c != " " else [], least=2)


def zero_width(name, draw):
    return gaps(name, draw, ZERO_WIDTH, every=draw.random() < 0.5)


def soft_hyphen(name, draw):
    return gaps(name, draw, "\u00ad", every=draw.random() < 0.3)


def variation_selectors(name, draw):
    return gaps(name, draw, SELECTORS)


def tag_characters(name, draw):
    return gaps(name, draw, TAGS)


def bidi(name, draw):
    return gaps(name, draw, BIDI)


def separator_space(name, draw):
    if name.is_latin:
        return "  ".join(" ".join(word) for word in words(name))
    return draw.choice([" ", "\u3000", "\u2009", "\u00a0"]).join(name.text)


def separator_sign(name, draw):
    sign = draw.choice(SIGNS)
    return sign.join(words(name)).replace(" ", "") if name.is_latin else sign.join(name.text)


def separator_words(name, draw):
    """A sign at most ends of words, more than one of them."""
    parts = words(name)
    sign = draw.choice("·-_~+•・ ")
    return sign.join(parts) if len(parts) > 2 else None


def separator_emoji(name, draw):
    sign = draw.choice(EMOJI)
    return sign.join(words(name) if name.is_latin else name.text)


def noise(name, draw):
    """Runs of two or three signs in most gaps, not always the same ones."""
    parts = words(name) if name.is_latin else list(name.text)
    kinds = draw.sample(NOISE, 2)
    return parts[0] + "".join(draw.choice(kinds) + part for part in parts[1:])


def line_breaks(name, draw):
    parts = words(name)
    if len(parts) < 2 or "(" in name.text:
        return None
    return draw.choice(["\n", "\r\n", "\n　　"]).join(parts) if not name.is_latin else "\n".join(parts)


def line_breaks_all(name, draw):
    return None if name.is_latin else "\n".join(name.text)


def hyphenated(name, draw):
    """An English word broken at the end of a line."""
    places = [i for i in range(2, len(name.text) - 2) if name.text[i - 2 : i + 2].isalpha()]
    if not (name.is_latin and places):
        return None
    at = draw.choice(places)
    return name.text[:at] + "-\n" + name.text[at:]


def repeats(name, draw):
    if name.is_latin:
        chosen = some(draw, [i for i, c in enumerate(name.text) if is_latin(c)], 2)
        return "".join(c * draw.choice([3, 4]) if i in chosen else c for i, c in enumerate(name.text))
    ways = draw.random()
    return "".join(c * (2 if ways < 0.5 else draw.choice([1, 2, 3])) for c in name.text)


def wrapped(name, draw, pairs):
    """A part of the name between two marks, its first and last character outside."""
    if len(name.text) < 6 or "(" in name.text:
        return None
    opening, closing = draw.choice(pairs)
    parts = words(name)
    if len(parts) > 2:
        at = draw.randrange(1, len(parts) - 1)
        parts[at] = opening + parts[at] + closing
        return (" " if name.is_latin else "").join(parts)
    at = draw.randrange(2, len(name.text) - 3)
    return name.text[:at] + opening + name.text[at : at + 2] + closing + name.text[at + 2 :]


def markup_html(name, draw):
    return wrapped(name, draw, TAG_PAIRS)


def markup_bbcode(name, draw):
    return wrapped(name, draw, BB_PAIRS)


def markup_markdown(name, draw):
    return wrapped(name, draw, MARKDOWN_PAIRS)


def bracket_pair(name, draw):
    return None if name.is_latin else wrapped(name, draw, PAIRS)


def bracket_place(name, draw):
    """A place in brackets before the last word; not for names whose tolerance is switched off."""
    parts = words(name)
    if name.exact_only or len(parts) < 2 or len(name.text) < 6 or "(" in name.text:
        return None
    if name.is_latin:
        return " ".join(parts[:-1]) + f" ({draw.choice(ENGLISH_PLACES)}) " + parts[-1]
    opening, closing = draw.choice(["（）", "()"])
    return "".join(parts[:-1]) + opening + draw.choice(PLACES) + closing + parts[-1]


def bracket_official(name, draw):
    """A bracket of the official name: left out, put in, or in the other width."""
    before, found, rest = name.text.partition("(")
    inside, _, after = rest.partition(")")
    if not found:
        return None
    # One character in brackets is an alternative to the one before; more are part of the name.
    alternative = [before + after, before[:-1] + inside + after] if len(inside) == 1 else [before + inside + after]
    return draw.choice(alternative + [f"{before}（{inside}）{after}", f"{before}【{inside}】{after}"])


# -- readings

def readings(name, style):
    """One for each character, as the words around it have it."""
    return [row[0] for row in pinyin(name.text, style=style, errors=list)]


def han_places(name):
    """Han characters but the last of the name: no reading stands after a last character."""
    return [i for i, c in enumerate(name.text[:-1]) if is_han(c)]


def annotated(name, draw, style, forms):
    places = han_places(name)
    if not places:
        return None
    chosen, read = some(draw, places), readings(name, style)

    def write(i, c):
        return c + draw.choice(forms).format(read[i]) if i in chosen else c

    return "".join(write(i, c) for i, c in enumerate(name.text))


def pinyin_plain(name, draw):
    return annotated(name, draw, Style.NORMAL, ["({})", "（{}）", "[{}]", "({}) ", " ({})"])


def pinyin_tones(name, draw):
    return annotated(name, draw, Style.TONE, ["({})", "（{}）", "({} )", "( {})"])


def pinyin_digits(name, draw):
    return annotated(name, draw, Style.TONE3, ["({})", "（{}）", "[{}]"])


def pinyin_instead(name, draw):
    """The reading of one character, bare or in brackets, in the character's place."""
    places = han_places(name) + ([len(name.text) - 1] if is_han(name.text[-1]) else [])
    if len(places) < 6:
        return None
    at = draw.choice(places[1:])
    written = draw.choice(["{}", "({})"] if at < len(name.text) - 1 else ["{}"])
    return name.text[:at] + written.format(readings(name, Style.NORMAL)[at]) + name.text[at + 1 :]


def pinyin_letter(name, draw):
    """The first letter of its reading for one lost character, in long names."""
    places = han_places(name)
    if len(places) < 8:
        return None
    at = draw.choice(places[1:])
    return name.text[:at] + readings(name, Style.NORMAL)[at][0] + name.text[at + 1 :]


# -- escapes, order, loss

def escape_percent(name, draw):
    text = urllib.parse.quote(name.text, safe="")
    return text.lower() if draw.random() < 0.3 else text


def escape_html(name, draw):
    ways = [lambda c: f"&#{ord(c)};", lambda c: f"&#x{ord(c):X};", lambda c: f"&#x{ord(c):x};"]
    way = draw.choice(ways)
    chosen = set(range(len(name.text))) if draw.random() < 0.6 else some(draw, range(len(name.text)), 2)
    return "".join(way(c) if i in chosen and c != " " else c for i, c in enumerate(name.text))


def escape_named(name, draw):
    """A named entity of an invisible or thin sign between words."""
    parts = words(name)
    sign = draw.choice(["&nbsp;", "&middot;", "&ensp;", "&thinsp;", "&shy;", "&zwnj;"])
    return sign.join(parts) if len(parts) > 2 and html.unescape(sign) != sign and (not name.is_latin or sign == "&nbsp;") else None


def escape_unicode(name, draw):
    form = draw.choice(["\\u{:04x}", "\\u{:04X}", "\\u{{{:x}}}"])
    return "".join(form.format(ord(c)) if c != " " else c for c in name.text)


def escape_twice(name, draw):
    if draw.random() < 0.5:
        return urllib.parse.quote(urllib.parse.quote(name.text, safe=""), safe="")
    return "".join(f"&amp;#{ord(c)};" if c != " " else c for c in name.text)


def reversed_text(name, draw):
    return name.text[::-1] if "(" not in name.text else None


def truncated(name, draw):
    """One or two characters lost; long Chinese names whose tail is a name of its own kind."""
    if name.is_latin or name.exact_only or len(name.text) < 9 or name.via != "name":
        return None
    return name.text[draw.choice([1, 2]) :]


ALL = {
    "width": width,
    "case": case,
    "styled": styled,
    "enclosed": enclosed,
    "traditional-tw": traditional_taiwan,
    "traditional-hk": traditional_hong_kong,
    "traditional-uneven": traditional_uneven,
    "marks": marks,
    "marks-some": marks_some,
    "zero-width": zero_width,
    "soft-hyphen": soft_hyphen,
    "selectors": variation_selectors,
    "tags": tag_characters,
    "bidi": bidi,
    "separator-space": separator_space,
    "separator-sign": separator_sign,
    "separator-words": separator_words,
    "separator-emoji": separator_emoji,
    "noise": noise,
    "repeats": repeats,
    "confusables": confusable,
    "leet": leet,
    "pinyin": pinyin_plain,
    "pinyin-tones": pinyin_tones,
    "pinyin-digits": pinyin_digits,
    "pinyin-instead": pinyin_instead,
    "pinyin-letter": pinyin_letter,
    "bracket-pair": bracket_pair,
    "bracket-place": bracket_place,
    "bracket-official": bracket_official,
    "escape-percent": escape_percent,
    "escape-html": escape_html,
    "escape-named": escape_named,
    "escape-unicode": escape_unicode,
    "escape-twice": escape_twice,
    "line-breaks": line_breaks,
    "line-breaks-all": line_breaks_all,
    "hyphenated": hyphenated,
    "markup-html": markup_html,
    "markup-bbcode": markup_bbcode,
    "markup-markdown": markup_markdown,
    "reversed": reversed_text,
    "truncated": truncated,
}

# Long to write, and much the same from name to name: every second name, by chance.
EVERY_SECOND = {"escape-percent", "escape-html", "escape-unicode", "escape-twice", "tags", "selectors", "bidi", "marks", "marks-some", "zero-width", "soft-hyphen"}
