"""Writes the golden file with which the Java engine is tested token for token.

    python3 golden.py            # 40 held-out prompts: rendered template, its tokens, the greedy answer

Only prompts with a clear winner at every step are taken (a lead of at least one logit), so that a different order of
additions in another engine cannot change the answer.
"""

import json
from pathlib import Path

import torch

from evaluate import answer_text, certain, read_suite
from export import load
from phrases import LANGUAGES
from phrases import load as load_phrases
from tickets import Generator
from tokenizer import render

GOLDEN = Path(__file__).parents[1] / "src/test/resources/dev/pareto/engine/models/support-desk.golden.jsonl"
COUNTS = {"triage": 14, "extraction": 14, "sentiment": 8}
OFF_TOPIC = 4


def main() -> None:
    torch.set_num_threads(1)
    model, tokenizer = load()
    candidates = [(item["stratum"], item["messages"], answer_text(item)) for item in read_suite("support")[::17]]
    generator = Generator(load_phrases("held-out"), "golden")
    off_topic = [generator.sample("off-topic", LANGUAGES[i % 2]) for i in range(4 * OFF_TOPIC)]
    candidates += [("off-topic", sample.messages, sample.answer) for sample in off_topic]
    prompts = [tokenizer.chat(messages) for _, messages, _ in candidates]
    leads = certain(model, tokenizer, [(prompt, answer) for prompt, (_, _, answer) in zip(prompts, candidates)])
    lines = []
    for task, count in {**COUNTS, "off-topic": OFF_TOPIC}.items():
        clear = [i for i, (name, _, _) in enumerate(candidates) if name == task and leads[i] >= 1]
        for i in clear[:: max(1, len(clear) // count)][:count]:
            _, messages, answer = candidates[i]
            assert tokenizer.decode(model.greedy(prompts[i], tokenizer.end)) == answer
            lines.append({"messages": messages, "prompt": render(messages), "tokens": prompts[i], "answer": answer})
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    GOLDEN.write_text(text + "\n", encoding="utf-8")
    print(len(lines), "golden answers")


if __name__ == "__main__":
    main()
