#!/usr/bin/env python3
"""Trims Unicode's and the public suffix list's data to what the tests read.

    trim.py UNIHAN_DATABASE CONFUSABLES_TXT TEST_PSL_TXT

UNIHAN_DATABASE is a checkout of unicode-org/unihan-database, the others are the files of these names. The files beside
this script say where theirs came from and in which version.
"""

import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
LICENCE = "# © Unicode, Inc. Unicode License V3 (https://www.unicode.org/license.txt), SPDX: Unicode-3.0.\n"


def pairs(folder, *fields):
    """Pairs of different characters, each once, the smaller first."""
    found = set()
    for field in fields:
        for line in (folder / f"{field}.txt").read_text("utf-8").splitlines():
            source, _, targets = line.split("\t")
            one = int(source.split(" ")[0][2:], 16)
            for target in re.findall(r"U\+([0-9A-F]+)", targets):
                if int(target, 16) != one:
                    found.add(tuple(sorted((one, int(target, 16)))))
    return sorted(found)


def write(name, head, lines):
    (HERE / name).write_text(head + "".join(line + "\n" for line in lines), "utf-8")
    print(name, len(lines))


def main(unihan, confusables, suffixes):
    unihan = pathlib.Path(unihan)
    head = "# {what}\n# From {files} of github.com/unicode-org/unihan-database, commit 0f0931362251 (2026-07-23), trimmed by trim.py.\n" + LICENCE
    two = "Pairs that Unihan calls simplified and traditional forms of each other, in hexadecimal."
    text = head.format(what=two, files="kSimplifiedVariant.txt and kTraditionalVariant.txt")
    write("simplified-traditional.txt", text, [f"{a:X} {b:X}" for a, b in pairs(unihan, "kSimplifiedVariant", "kTraditionalVariant")])
    text = head.format(what="Pairs that Unihan calls easy to take for each other, in hexadecimal.", files="kSpoofingVariant.txt")
    write("spoofing.txt", text, [f"{a:X} {b:X}" for a, b in pairs(unihan, "kSpoofingVariant")])

    targets = {}
    for line in pathlib.Path(confusables).read_text("utf-8-sig").splitlines():
        columns = [column.strip() for column in line.split("#")[0].split(";")]
        if len(columns) == 3 and " " not in columns[1]:
            source, target = (int(column, 16) for column in columns[:2])
            if unicodedata.category(chr(target)).startswith("L"):
                targets.setdefault(target, []).append(source)
    text = (
        "# Characters that look like one letter (UTS #39), in hexadecimal: the letter, then what is taken for it.\n"
        "# From confusables.txt 17.0.0 (2025-07-22), those whose target is a single letter, trimmed by trim.py.\n" + LICENCE
    )
    lines = [f"{target:X}: " + " ".join(f"{source:X}" for source in sorted(sources)) for target, sources in sorted(targets.items())]
    write("confusables.txt", text, lines)
    print(sum(map(len, targets.values())), "confusables")

    text = (
        "# Hosts and their registrable domains: tests/test_psl.txt of github.com/publicsuffix/list, commit 6ca11f5dd036,\n"
        "# as host and domain (- for none), trimmed by trim.py. In the public domain (CC0-1.0).\n"
    )
    found = re.findall(r"^checkPublicSuffix\('(.+?)', (?:'(.+?)'|null)\);", pathlib.Path(suffixes).read_text("utf-8"), re.MULTILINE)
    write("public-suffixes.txt", text, [f"{host} {domain or '-'}" for host, domain in found])


if __name__ == "__main__":
    main(*sys.argv[1:])
