"""Measures the GGUF file on both suites, task by task and language by language.

    python3 evaluate.py [model.gguf] [--errors]
    python3 evaluate.py model.gguf --validation        # while working on the model: leaves the held-out split alone

Weights are dequantised and the arithmetic is float32. An answer counts only if greedy decoding gives it whole and then
stops. That is checked in one pass: the expected answer is fed in, and every next token must be the most likely one.
"""

import argparse
import collections
import json
import re
from pathlib import Path

import torch

from export import MODEL, load
from model import Llama
from phrases import LANGUAGES
from phrases import load as load_phrases
from suites import SUITES
from tickets import TASKS, Generator
from tokenizer import Tokenizer

OFF_TOPIC = 400
VALIDATION = 1200


def read_suite(name: str) -> list[dict]:
    return [json.loads(line) for line in (SUITES / name / "items.jsonl").read_text(encoding="utf-8").splitlines()]


def answer_text(item: dict) -> str:
    expected = item["expected"]
    return expected if isinstance(expected, str) else json.dumps(expected, separators=(",", ":"), ensure_ascii=False)


@torch.no_grad()
def certain(model: Llama, tokenizer: Tokenizer, pairs: list[tuple[list[int], str]], batch: int = 32) -> list[float]:
    """For each (prompt, answer) the smallest lead in logits of an answer token over any other; negative means wrong."""
    rows = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]))
    leads = [0.0] * len(pairs)
    for at in range(0, len(rows), batch):
        chosen = rows[at : at + batch]
        answers = [tokenizer.encode(pairs[i][1]) + [tokenizer.end] for i in chosen]
        longest = max(len(pairs[i][0]) + len(answer) for i, answer in zip(chosen, answers))
        tokens = torch.zeros(len(chosen), longest, dtype=torch.long)
        for row, (i, answer) in enumerate(zip(chosen, answers)):
            tokens[row, : len(pairs[i][0]) + len(answer)] = torch.tensor(pairs[i][0] + answer)
        hidden = model.hidden(tokens)
        for row, (i, answer) in enumerate(zip(chosen, answers)):
            first = len(pairs[i][0]) - 1
            logits = model.logits(hidden[row, first : first + len(answer)])
            wanted = torch.tensor(answer)[:, None]
            right = logits.gather(1, wanted)[:, 0]
            leads[i] = float((right - logits.scatter(1, wanted, float("-inf")).max(1).values).min())
    return leads


def table(rows: list[tuple[str, bool]]) -> list[str]:
    counts: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for group, right in rows:
        counts[group][0] += right
        counts[group][1] += 1
    return [f"{group:28} {right:5} / {count:5}  {100 * right / count:6.2f} %" for group, (right, count) in counts.items()]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?", type=Path, default=MODEL)
    parser.add_argument("--errors", action="store_true", help="show what went wrong")
    parser.add_argument("--validation", action="store_true", help="on tickets of the validation split, off-topic included")
    options = parser.parse_args()
    torch.set_num_threads(2)
    model, tokenizer = load(options.model)
    if options.validation:
        report(model, tokenizer, validation_items(), options.errors)
        return
    report(model, tokenizer, read_suite("support"), options.errors)
    off_topic(model, tokenizer)
    word_problems(model, tokenizer)


def validation_items() -> list[dict]:
    generator = Generator(load_phrases("validation"), "validation")
    samples = [generator.sample(TASKS[i % len(TASKS)]) for i in range(VALIDATION)]
    return [{"id": str(i), "messages": s.messages, "expected": s.answer, "stratum": s.task, "tags": [s.language, s.label]}
            for i, s in enumerate(samples)]


def report(model: Llama, tokenizer: Tokenizer, items: list[dict], errors: bool) -> None:
    prompts = [tokenizer.chat(item["messages"]) for item in items]
    leads = certain(model, tokenizer, [(prompt, answer_text(item)) for prompt, item in zip(prompts, items)])
    right = [lead > 0 for lead in leads]
    rows = []
    for item, good in zip(items, right):
        rows += [("support", good), (f"support {item['stratum']}", good), (f"support {item['stratum']} {item['tags'][0]}", good)]
    print("\n".join(table(sorted(rows, key=lambda row: row[0]))))
    if errors:
        for item, prompt, good in zip(items, prompts, right):
            if not good:
                got = tokenizer.decode(model.greedy(prompt, tokenizer.end))
                print(item["id"], item["tags"], json.dumps([m["content"] for m in item["messages"]], ensure_ascii=False),
                      "\n   wanted", answer_text(item), "\n   got   ", got)


def off_topic(model: Llama, tokenizer: Tokenizer) -> None:
    generator = Generator(load_phrases("held-out"), "off-topic")
    samples = [generator.sample("off-topic", LANGUAGES[i % 2]) for i in range(OFF_TOPIC)]
    leads = certain(model, tokenizer, [(tokenizer.chat(s.messages), s.answer) for s in samples])
    print("\n".join(table([(f"off-topic refused {s.language}", lead > 0) for s, lead in zip(samples, leads)])))


def word_problems(model: Llama, tokenizer: Tokenizer) -> None:
    problems = read_suite("word-problems")[:200]
    verdicts = collections.Counter()
    for item in problems:
        got = tokenizer.decode(model.greedy(tokenizer.chat(item["messages"]), tokenizer.end, 48))
        numbers = re.findall(r"-?\d+(?:\.\d+)?", got)
        verdicts["right" if numbers and numbers[-1] == item["expected"] else "wrong"] += 1
    print(f"word-problems (first {len(problems)})    {verdicts['right']} right, {verdicts['wrong']} wrong")


if __name__ == "__main__":
    main()
