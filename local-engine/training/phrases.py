"""Reads the phrase files and picks sentences from them.

A file holds sections (`== name`) of one template a line. In a template `[a|b|]` is a choice and
`{slot}` is filled with a value. The same files exist twice: `train/` feeds training, `held-out/`
feeds only the test split. `check_disjoint` proves that the two share nothing.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent / "phrases"
LANGUAGES = ("en", "pt")
QUEUES = ("billing", "shipping", "returns", "account", "technical", "cancellation", "sales", "privacy")
SENTIMENTS = ("positive", "neutral", "negative")

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Bank:
    """All sections of one split: `bank["queues.en", "billing"]` is a list of templates."""

    split: str
    sections: dict[tuple[str, str], list[str]]

    def __getitem__(self, key: tuple[str, str]) -> list[str]:
        return self.sections[key]

    def vocabulary(self, section: str) -> list[str]:
        return self.sections["vocabulary", section]


def load(split: str) -> Bank:
    """Reads `train` or `held-out`."""
    sections: dict[tuple[str, str], list[str]] = {}
    for path in sorted((ROOT / split).glob("*.txt")):
        current: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                current = sections.setdefault((path.stem, line[3:]), [])
            elif line.strip():
                current.append(line)
    return Bank(split, sections)


def choose(template: str, rng: random.Random) -> str:
    """Resolves every `[a|b]`, leaving the slots in place."""
    text = _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), template)
    return re.sub(r" +([.,?!])", r"\1", re.sub(r" {2,}", " ", text)).strip()


def check_disjoint() -> None:
    """Fails if anything held out occurs in the training phrases.

    Templates may not be equal (ignoring case and punctuation), and a held-out value (a name, a
    product, a domain ...) may not occur in a training line at all, not even inside a longer value.
    """
    train, held_out = load("train"), load("held-out")
    assert set(held_out.sections) <= set(train.sections), "a section is held out whole"
    spoken = {_bare(line) for key, lines in train.sections.items() for line in lines if key[1] != "answer"}
    values = [line for (file, _), lines in train.sections.items() if file == "vocabulary" for line in lines]
    templates = [line for (file, _), lines in train.sections.items() if file != "vocabulary" for line in lines]
    for (file, section), lines in held_out.sections.items():
        if section == "answer":
            continue
        assert lines, f"{file}/{section} has no held-out line"
        for line in lines:
            assert _bare(line) not in spoken, f"{file}/{section}: '{line}' is also a training line"
            if file == "vocabulary" and section != "errors":
                word = re.compile(rf"(?<![\w]){re.escape(line)}(?![\w])")
                # a lone letter is an order-id prefix: it is compared with prefixes, not with prose
                for other in values if len(line) <= 2 else values + templates:
                    assert not word.search(other), f"{file}/{section}: '{line}' occurs in training: '{other}'"


def _bare(line: str) -> str:
    return re.sub(r"[\W_]+", " ", line.lower()).strip()


if __name__ == "__main__":
    check_disjoint()
    for name in ("train", "held-out"):
        bank = load(name)
        print(name, sum(len(lines) for lines in bank.sections.values()), "lines")
