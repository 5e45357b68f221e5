"""Reads the phrase files and picks sentences from them.

A file holds sections (`== name`) of one template a line. In a template `[a|b|]` is a choice and `{slot}` is filled with
a value. There are two folders:

* `open/` feeds training only: lines that were read or scored while the model was first worked on;
* `split/` is cut by hash, line by line: most of it is for training, a part for validation, a part is held out for the
  suite. Nobody chooses: a line's place follows from its text.

Lists of values (names, products, domains ...) have no validation part. `check_disjoint` proves that nothing held out
occurs in training.
"""

import hashlib
import math
import random
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent / "phrases"
SPLITS = ("train", "validation", "held-out")
LANGUAGES = ("en", "pt")
QUEUES = ("billing", "shipping", "returns", "account", "technical", "cancellation", "sales", "privacy")
SENTIMENTS = ("positive", "neutral", "negative")

HELD_OUT, VALIDATION = 160, 60  # of a thousand lines
# a held-out template that shares this much of its words with a training template would test memory
TOO_CLOSE = 0.75
# the one answer to what is off topic, and the mountains, which are few
SHARED = ("answer", "mountains")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")

Sections = dict[tuple[str, str], list[str]]


@dataclass(frozen=True)
class Bank:
    """All sections of one split: `bank["queues.en", "billing"]` is a list of templates."""

    split: str
    sections: Sections

    def __getitem__(self, key: tuple[str, str]) -> list[str]:
        return self.sections[key]

    def vocabulary(self, section: str) -> list[str]:
        return self.sections["vocabulary", section]


def load(split: str) -> Bank:
    """Reads `train`, `validation` or `held-out`."""
    return Bank(split, _cut()[split])


@cache
def _cut() -> dict[str, Sections]:
    opened, divided = _read(ROOT / "open"), _read(ROOT / "split")
    parts: dict[str, Sections] = {split: {} for split in SPLITS}
    for key in opened | divided:
        for split in SPLITS:
            parts[split][key] = []
        parts["train"][key] += opened.get(key, [])
        for line in divided.get(key, []):
            parts[_place(key, line)][key].append(line)
    known = _known(parts)
    while moved := _move_to_training(parts, known):
        known = Known(*moved)  # a line that moved may be close to others
    for key, lines in parts["train"].items():
        if key[1] in SHARED:
            parts["held-out"][key] = lines
        if key[0] == "vocabulary" or key[1] in SHARED or not parts["validation"][key]:
            parts["validation"][key] = lines
    for split in SPLITS:
        parts[split] = {key: lines for key, lines in parts[split].items() if lines}
    return parts


def _read(folder: Path) -> Sections:
    sections: Sections = {}
    for path in sorted(folder.glob("*.txt")):
        current: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                current = sections.setdefault((path.stem, line[3:]), [])
            elif line.strip():
                current.append(line)
    return sections


def _place(key: tuple[str, str], line: str) -> str:
    rank = int(hashlib.sha256(f"support-desk/split/2|{'|'.join(key)}|{line}".encode()).hexdigest()[:8], 16) % 1000
    if rank < HELD_OUT:
        return "held-out"
    return "validation" if rank < HELD_OUT + VALIDATION and key[0] != "vocabulary" else "train"


def _known(parts: dict[str, Sections]) -> "Known":
    lines = [(key, line) for key, section in parts["train"].items() for line in section]
    return Known([line for key, line in lines if key[0] == "vocabulary"], [line for key, line in lines if key[0] != "vocabulary"])


def _move_to_training(parts: dict[str, Sections], known: "Known") -> tuple[list[str], list[str]] | None:
    """What training already says, in these or nearly these words, cannot be held out. Returns the values and templates that moved."""
    values: list[str] = []
    templates: list[str] = []
    for split in ("held-out", "validation"):
        for key, section in parts[split].items():
            said = [line for line in section if known.says(key, line)]
            if said:
                parts[split][key] = [line for line in section if line not in said]
                parts["train"][key] += said
                (values if key[0] == "vocabulary" else templates).extend(said)
    return (values, templates) if values or templates else None


class Known:
    """What training says: its values as they stand, its templates as bags of words."""

    def __init__(self, values: list[str], templates: list[str]):
        self.values = "\n".join(values)
        self.everything = self.values + "\n" + "\n".join(templates)
        self.bags: dict[str, list[frozenset[str]]] = {}  # by word
        for line in templates:
            bag = _words(line)
            for word in bag:
                self.bags.setdefault(word, []).append(bag)

    def says(self, key: tuple[str, str], line: str) -> bool:
        if key[0] == "vocabulary":
            # a lone letter or two is an order-id prefix: it is compared with prefixes, not with prose
            text = self.values if len(line) <= 2 else self.everything
            return re.search(rf"(?<![\w]){re.escape(line)}(?![\w])", text) is not None
        return self.closest(line, TOO_CLOSE) >= TOO_CLOSE

    def closest(self, line: str, least: float) -> float:
        """The largest share of words (Jaccard's index) in common with a training template, or 0 if that is below `least`."""
        bag = _words(line)
        # a template this close has at least one of so many of the rarest words
        rarest = sorted(bag, key=lambda word: len(self.bags.get(word, ())))[: len(bag) - math.ceil(least * len(bag)) + 1]
        near = {other for word in rarest for other in self.bags.get(word, ())}
        closest = max((len(bag & other) / len(bag | other) for other in near), default=0.0)
        return closest if closest >= least else 0.0


def _words(template: str) -> frozenset[str]:
    return frozenset(re.findall(r"\{\w+\}|\w+", template.lower()))


def choose(template: str, rng: random.Random) -> str:
    """Resolves every `[a|b]`, leaving the slots in place."""
    text = _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), template)
    return re.sub(r" +([.,?!])", r"\1", re.sub(r" {2,}", " ", text)).strip()


def strip_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def check_disjoint() -> Known:
    """Fails if anything held out (or kept for validation) occurs in training, or a section has nothing held out."""
    parts = _cut()
    known = _known(parts)
    for key in _read(ROOT / "split"):
        assert parts["held-out"].get(key), f"{key} has no held-out line"
    for split in ("validation", "held-out"):
        for key, lines in parts[split].items():
            if lines is not parts["train"].get(key):
                for line in lines:
                    assert not known.says(key, line), f"{key}: '{line}' of {split} is also said in training"
    return known


def main() -> None:
    known = check_disjoint()
    for split in SPLITS:
        print(split, sum(len(lines) for lines in load(split).sections.values()), "lines")
    near = sorted(known.closest(line, 0.1) for (file, section), lines in load("held-out").sections.items()
                  if file != "vocabulary" and section not in SHARED for line in lines)
    print("words shared with the closest training template, held-out templates: median "
          f"{near[len(near) // 2]:.2f}, 90th percentile {near[len(near) * 9 // 10]:.2f}")


if __name__ == "__main__":
    main()
