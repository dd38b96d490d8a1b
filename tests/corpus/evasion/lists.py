"""The shipped lists, read from their YAML: nothing of the program is imported."""

import pathlib
from dataclasses import dataclass

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Such an entry's names never match alone.
NEEDS_COMPANY = {"english-only", "generic-name", "short-name", "identical-to-registered", "unverified-name"}


@dataclass(frozen=True)
class Name:
    """A listed name, and a plain one that may keep it company ('' where none is needed)."""

    organization: str
    via: str
    text: str
    company: str
    exact_only: bool

    @property
    def is_latin(self):
        return all(ord(character) < 0x2E80 for character in self.text)


def organizations():
    """Every organization with the notices that name it, active or not."""
    found, cited = {}, {}
    for file in sorted((ROOT / "rules" / "notices").glob("*.yaml")):
        document = yaml.safe_load(file.read_text("utf-8"))
        notice = document["notice"]["id"]
        for entry in document.get("organizations") or []:
            found[entry["id"]] = entry
            cited.setdefault(entry["id"], []).append(notice)
        for also in document.get("also") or []:
            cited.setdefault(also, []).append(notice)
    return {key: entry | {"notices": cited[key]} for key, entry in sorted(found.items())}


def is_active(entry):
    return entry.get("status", "active") == "active"


def is_plain(entry):
    """Found by its Chinese name alone."""
    return is_active(entry) and entry.get("name") and not entry.get("caution")


def names():
    """Every name of every active organization."""
    entries = organizations()
    plain = [entry for entry in entries.values() if is_plain(entry)]
    every = []
    for key, entry in entries.items():
        if not is_active(entry):
            continue
        cautions = set(entry.get("caution") or [])
        company = company_of(entry, plain) if cautions else ""
        exact_only = "near-registered" in cautions
        if entry.get("name"):
            every.append(Name(key, "name", entry["name"], company, exact_only))
        for text in (entry.get("translations") or {}).get("en") or []:
            every.append(Name(key, "translation", text, company, exact_only))
        for alias in entry.get("aliases") or []:
            every.append(Name(key, "alias", alias["name"], entry["name"], exact_only))
    return every


def company_of(entry, plain):
    """A plain name of the same notice where there is one, else of any."""
    others = [other for other in plain if other["id"] != entry["id"]]
    same = [other for other in others if set(other["notices"]) & set(entry["notices"])]
    return (same or others)[0]["name"]


def domains():
    """(organization, domain) of every active entry."""
    active = ((key, entry) for key, entry in organizations().items() if is_active(entry))
    return [(key, row["domain"]) for key, entry in active for row in entry.get("domains") or []]


def registered():
    """Names of lawful bodies, Chinese and English."""
    document = yaml.safe_load((ROOT / "rules" / "protected.yaml").read_text("utf-8"))
    found = []
    for row in document["registered"]:
        name = row["name"]
        found += [name["zh"]] if name.get("zh") else []
        found += name.get("en") or []
    return found
