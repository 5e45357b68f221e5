"""Cuts a folder of phrase files into `train/` and `held-out/`: in each section the lines of lowest hash are held out.

Used once, before the first training run, on the phrases as they were first written; kept so that
anyone can see that nobody picked the test lines by hand. Lines added later go into `train/` only.
"""

import hashlib
import math
import sys
from pathlib import Path

HELD_OUT_SHARE = 0.18
KEPT_WHOLE = {"answer"}


def rank(file: str, section: str, line: str) -> str:
    return hashlib.sha256(f"support-desk/split/1|{file}|{section}|{line}".encode()).hexdigest()


def sections_of(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = sections.setdefault(line[3:], [])
        elif line.strip():
            current.append(line)
    return sections


def split(source: Path, target: Path) -> None:
    for path in sorted(source.glob("*.txt")):
        parts: dict[str, list[str]] = {"train": [], "held-out": []}
        for section, lines in sections_of(path).items():
            count = max(2, math.ceil(len(lines) * HELD_OUT_SHARE))
            held_out = set(sorted(lines, key=lambda line: rank(path.name, section, line))[:count])
            for part, kept in parts.items():
                kept.append(f"== {section}")
                kept += [line for line in lines
                         if section in KEPT_WHOLE or (line in held_out) == (part == "held-out")]
        for part, kept in parts.items():
            (target / part).mkdir(parents=True, exist_ok=True)
            (target / part / path.name).write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    split(Path(sys.argv[1]), Path(sys.argv[2]))
