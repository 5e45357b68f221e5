"""Cuts the evaluation suite `support` from the held-out split and marks where the simulated vendor errs.

    python3 suites.py            # writes evals/suites/support/{suite.yaml,items.jsonl,simulated-errors.txt}
"""

import hashlib
import json
from pathlib import Path

from phrases import LANGUAGES, QUEUES, SENTIMENTS, check_disjoint, load
from tickets import Generator, Sample

SUITES = Path(__file__).parents[2] / "evals" / "suites"
SEED = "suite/4"
PER_CLASS = {"triage": 63, "extraction": 500, "sentiment": 167}
LABELS = {"triage": QUEUES, "extraction": ("",), "sentiment": SENTIMENTS}

SUITE = """\
# Held-out support tickets in English and Portuguese, made by local-engine/training/suites.py.
suite: support
route: support
items: items.jsonl
sampling: {temperature: 0, max_tokens: 96}
graders:
  - {id: label, type: label_match, primary: true}
  - {id: fields, type: json_fields, fields: [order_id, email, amount, date]}
decision:
  margin: 0.03
  alpha: 0.05
  grouping: {kind: stratum}
  n_min: 200
"""


def items() -> list[dict]:
    generator = Generator(load("held-out"), SEED)
    seen: set[str] = set()
    result = []
    for task, labels in LABELS.items():
        number = 0
        for language in LANGUAGES:
            for label in labels:
                made = 0
                while made < PER_CLASS[task]:
                    sample = generator.sample(task, language, label)
                    key = json.dumps(sample.messages, ensure_ascii=False)
                    if key in seen or len(key) > 700:
                        continue
                    seen.add(key)
                    number += 1
                    made += 1
                    result.append(_item(f"support-{task}-{number:04d}", sample))
    return result


def _item(name: str, sample: Sample) -> dict:
    extraction = sample.task == "extraction"
    tags = [sample.language] + ([sample.label] if sample.label else [])
    return {"id": name, "messages": sample.messages,
            "expected": json.loads(sample.answer) if extraction else sample.answer,
            "stratum": sample.task, "tags": tags, "graders": ["fields" if extraction else "label"]}


def simulated_vendor_errs(item_id: str) -> bool:
    return int(hashlib.sha256(f"simulated-vendor/1|{item_id}".encode()).hexdigest()[:8], 16) % 10000 < 300


def write(folder: Path, suite: str, rows: list[dict]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "suite.yaml").write_text(suite, encoding="utf-8")
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    (folder / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = sorted(row["id"] for row in rows if simulated_vendor_errs(row["id"]))
    rule = ("# The simulated vendor errs on these items: those with (first 8 hex digits of "
            "SHA-256 of \"simulated-vendor/1|\" + id) mod 10000 < 300.")
    (folder / "simulated-errors.txt").write_text("\n".join([rule, *wrong]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    check_disjoint()
    write(SUITES / "support", SUITE, items())
