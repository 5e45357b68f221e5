"""Trains the model on endless generated tickets; stops and resumes at any step.

    nice -n 5 python3 train.py --minutes 40 --out /tmp/support-desk
    nice -n 5 python3 train.py --minutes 20 --out /tmp/more --start-from /tmp/support-desk/checkpoint.pt

The budget is in minutes, as is the learning-rate schedule: on a busy machine the run takes fewer steps, not longer.

Two processes of one thread each share the weights: one learns extraction, the other mostly the labels (triage,
sentiment, off-topic). They meet once a step, where their gradients are averaged. The loss is on the answer's tokens alone.
"""

import argparse
import itertools
import math
import os
import random
import re
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

# each worker keeps to its core; OpenBLAS reads this when torch loads it
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import torch
from torch import Tensor, multiprocessing
from torch.nn import functional as F

import evidence
import induction
import noise
from model import Config, Llama
from optimizer import Held, Share
from phrases import check_disjoint, load
from tickets import Generator
from tokenizer import Tokenizer

WORKERS = ("facts", "labels")
LABEL_SHARES = {"triage": 0.50, "sentiment": 0.36, "off-topic": 0.14}
# the off-topic answer is eighteen tokens long, a label one or two
TOKEN_WEIGHTS = {"triage": 1.0, "sentiment": 1.0, "extraction": 1.0, "off-topic": 0.08}
# where the answer is long, its first token alone tells which task was understood
FIRST_WEIGHTS = {"triage": 1.0, "sentiment": 1.0, "extraction": 12.0, "off-topic": 0.4}
ADDRESS_WEIGHT = 5.0  # of the piece that an e-mail address begins with, which is hardest to find
# a label is also asked for at eight places inside the ticket: one answer a ticket is a thin signal to learn words from
EARLY_WEIGHT = 0.1
LONGEST = 250
WARM_UP = 1 / 30
# the share of the budget in which many fact tickets are of a sentence or two, and in which copying alone is practised
SIMPLE_UNTIL, COPYING_UNTIL = 0.3, 0.15
SOME_SIMPLE = 0.15  # from then on: an address costs a third of the tokens there
# from here on the worker of the facts, which are learned by then, helps with the labels
FACTS_ALONE_UNTIL = 0.85
# the share of label tickets that are nothing but a sentence or two: more labels for the same work
BARE = 0.4
# the share in which the circuits written by induction.py stay as written, until the rest has learned to use them;
# not where trained weights are the beginning
HELD_UNTIL = 0.4


@dataclass(frozen=True)
class Row:
    tokens: list[int]
    prompt: int  # how many of the tokens
    weight: float = 1.0  # of an answer token
    heavy: tuple[tuple[int, float], ...] = ()  # those of other weight
    early: tuple[int, ...] = ()  # places in the prompt where the answer is asked for, too


class Lessons:
    """An endless supply of batches for one worker: (tokens, positions that predict an answer token, targets, weights)."""

    def __init__(self, tokenizer: Tokenizer, worker: str, seed: str, batch_tokens: int):
        self.tokenizer, self.worker, self.batch_tokens = tokenizer, worker, batch_tokens
        self.generator = Generator(load("train"), seed)
        self.order = random.Random(seed)
        self.waiting: dict[tuple[bool, bool], list[list[Row]]] = {}

    def next(self, done: float) -> tuple[Tensor, ...]:
        """`done` is the share of the budget spent: the lessons begin simple."""
        chance = self.order.random()
        if self.worker == "facts" and chance < (0.2 if done < COPYING_UNTIL else 0.03):
            return _tensors([_repetition(self.tokenizer, self.order) for _ in range(self.batch_tokens // 36)])
        facts = chance < (0.3 if self.worker == "labels" else 1.0 if done < FACTS_ALONE_UNTIL else 0.7)
        simple = self.order.random() < (max(SOME_SIMPLE, 0.4 * (1 - done / SIMPLE_UNTIL)) if facts else BARE)
        kind = facts, simple
        if not self.waiting.get(kind):
            self.waiting[kind] = self._batches(*kind)
        return _tensors(self.waiting[kind].pop())

    def _batches(self, facts: bool, simple: bool) -> list[list[Row]]:
        """Some hundred samples in batches of about the same length, in random order."""
        pool: list[Row] = []
        while len(pool) < 320:
            task = "extraction" if facts else self.order.choices(list(LABEL_SHARES), list(LABEL_SHARES.values()))[0]
            row = self._row(task, simple)
            if len(row.tokens) <= LONGEST:
                pool.append(row)
        pool.sort(key=lambda row: len(row.tokens))
        groups: list[list[Row]] = [[]]
        for row in pool:
            if (len(groups[-1]) + 1) * len(row.tokens) > self.batch_tokens:
                groups.append([])
            groups[-1].append(row)
        self.order.shuffle(groups)
        return groups

    def _row(self, task: str, simple: bool) -> Row:
        sample = self.generator.sample(task, simple=simple)
        messages = sample.messages
        if sample.label and self.order.random() < 0.5:
            messages = [message | {"content": noise.forgetful(message["content"], self.order)} for message in messages]
        prompt = self.tokenizer.chat(messages)
        places = range(len(prompt) // 3, len(prompt) - 4)
        early = sorted(self.order.sample(places, min(8, len(places)))) if sample.label else []
        tokens = prompt + self.tokenizer.encode(sample.answer) + [self.tokenizer.end]
        heavy = [(0, FIRST_WEIGHTS[sample.task])]
        if '"email":"' in sample.answer:
            before, quote, _ = sample.answer.partition('"email":"')
            heavy.append((len(self.tokenizer.encode(before + quote)), ADDRESS_WEIGHT))
        return Row(tokens, len(prompt), TOKEN_WEIGHTS[sample.task], tuple(heavy), tuple(early))


def _repetition(tokenizer: Tokenizer, order: random.Random) -> Row:
    """Random pieces, some of which come again: after its first piece the second occurrence can be foretold."""
    first_normal = tokenizer.end + 1
    beyond = len(tokenizer.pieces) if order.random() < 0.5 else first_normal + 100  # any pieces, or single characters
    pieces = [order.randrange(first_normal, beyond) for _ in range(order.randint(10, 22))]
    at = order.randrange(len(pieces) - 7)
    copied = pieces[at : at + order.randint(5, 12)]
    filler = [order.randrange(first_normal, beyond) for _ in range(order.randint(0, 5))]
    prompt = pieces + filler + copied[:1]
    return Row(prompt + copied[1:], len(prompt))


def _tensors(rows: list[Row]) -> tuple[Tensor, ...]:
    length = max(len(row.tokens) for row in rows) - 1
    answer = max(len(row.tokens) - row.prompt + len(row.early) for row in rows)
    tokens = torch.zeros(len(rows), length, dtype=torch.long)
    keep = torch.zeros(len(rows), answer, dtype=torch.long)
    targets = torch.zeros(len(rows), answer, dtype=torch.long)
    weights = torch.zeros(len(rows), answer)
    for i, row in enumerate(rows):
        count = len(row.tokens) - row.prompt
        end = count + len(row.early)
        tokens[i, : len(row.tokens) - 1] = torch.tensor(row.tokens[:-1])
        keep[i, :count] = torch.arange(row.prompt - 1, len(row.tokens) - 1)
        targets[i, :count] = torch.tensor(row.tokens[row.prompt:])
        weights[i, :count] = row.weight
        for place, weight in row.heavy:
            weights[i, place] = weight
        keep[i, count:end] = torch.tensor(row.early, dtype=torch.long)
        targets[i, count:end] = row.tokens[row.prompt]
        weights[i, count:end] = EARLY_WEIGHT
    return tokens, keep, targets, weights


def precision() -> torch.dtype:
    cpu = Path("/proc/cpuinfo")
    has_product = cpu.exists() and re.search(r"avx512_bf16|amx_bf16", cpu.read_text())
    return torch.bfloat16 if has_product else torch.float32


def loss_of(model: Llama, batch: tuple[Tensor, ...]) -> Tensor:
    tokens, keep, targets, weights = batch
    learned = weights > 0
    logits = model.logits(model.hidden(tokens, keep)[learned])
    losses = F.cross_entropy(logits, targets[learned], reduction="none")
    return (losses * weights[learned]).sum() / weights.sum()


def rate(done: float, peak: float) -> float:
    """Warm-up over the first thirtieth, then a cosine down to one hundredth; `done` is the share of the budget."""
    if done < WARM_UP:
        return peak * max(done / WARM_UP, 0.01)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - WARM_UP) / (1 - WARM_UP)))))


@dataclass
class Shared:
    """What the workers share: weights, gradients, the last losses (facts, labels, copying) and the share of budget spent."""

    model: Llama
    gradients: Tensor
    losses: Tensor
    done: Tensor
    barrier: Barrier


def work(rank: int, shared: Shared, options: argparse.Namespace, first: int) -> None:
    """One worker; worker 0 also keeps the clock, the log and the checkpoints."""
    torch.set_num_threads(1)
    parameters = list(shared.model.parameters())
    tokenizer = Tokenizer.load()
    lessons = Lessons(tokenizer, WORKERS[rank], f"{options.seed}/{first}/{rank}", options.batch_tokens)
    optimizer = Share(shared.model, rank, len(WORKERS), options.peak, precision())
    held = Held(shared.model, induction.written(shared.model.config), induction.fixed_directions(shared.model.config))
    log = Log(shared, options, first) if rank == 0 else None
    for step in itertools.count(first):
        batch = lessons.next(float(shared.done))
        loss = loss_of(shared.model, batch)
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        torch.cat([p.grad.flatten() for p in parameters], out=shared.gradients[rank])
        copying = rank == 0 and int(batch[0][0, 0]) != tokenizer.start
        shared.losses[2 if copying else rank] = loss.item()
        shared.barrier.wait()
        mean, at = shared.gradients.mean(0), 0
        for parameter in parameters:
            parameter.grad = mean[at : at + parameter.numel()].view_as(parameter)
            at += parameter.numel()
        done = float(shared.done)
        optimizer.update(rate(done, options.peak))
        shared.barrier.wait()
        if rank == 0 and done < HELD_UNTIL and not options.start_from:
            held.restore()
        shared.barrier.wait()
        if log:
            log.after(step + 1)
        if done >= 1:
            return


class Log:
    def __init__(self, shared: Shared, options: argparse.Namespace, first: int):
        self.shared, self.budget = shared, 60 * options.minutes
        self.checkpoint = options.out / "checkpoint.pt"
        spent = torch.load(self.checkpoint)["seconds"] if first else 0.0
        self.begin, self.running = time.time() - spent, torch.zeros(3)

    def after(self, step: int) -> None:
        # the other worker may already be in the next step: the saved weights can be torn only by its updates, and it
        # updates after the next barrier
        seconds = time.time() - self.begin
        last = float(self.shared.done) >= 1
        self.shared.done.fill_(seconds / self.budget)
        self.running += self.shared.losses
        if step % 50 == 0:
            print(f"step {step} loss {' '.join(f'{v:.4f}' for v in self.running / 50)} {seconds:.0f} s", flush=True)
            self.running.zero_()
        if step % 200 == 0 or last:
            model = self.shared.model
            torch.save({"model": model.state_dict(), "step": step, "seconds": seconds, "config": model.config.as_dict()},
                       self.checkpoint.with_suffix(".new"))
            self.checkpoint.with_suffix(".new").replace(self.checkpoint)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--peak", type=float, default=8e-4)
    parser.add_argument("--batch-tokens", type=int, default=2048, help="of one worker")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--start-from", type=Path, help="weights to start from, with a fresh optimiser and schedule")
    options = parser.parse_args()

    check_disjoint()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    options.out.mkdir(parents=True, exist_ok=True)
    config = Config(len(Tokenizer.load().pieces))
    checkpoint, first = options.out / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model = Llama(config, precision())
        model.load_state_dict(state["model"])
        first = state["step"]
    elif options.start_from:
        model = Llama(config, precision())
        model.load_state_dict(torch.load(options.start_from)["model"])
    else:
        tokenizer = Tokenizer.load()
        model = evidence.graft(induction.graft(Llama(config, precision()), tokenizer), evidence.learn_words(tokenizer), tokenizer)
    size = sum(p.numel() for p in model.parameters())
    print(f"{size:,} parameters, from step {first}", flush=True)

    model.share_memory()
    shared = Shared(model, torch.zeros(len(WORKERS), size).share_memory_(), torch.zeros(3).share_memory_(),
                    torch.zeros(1).share_memory_(), multiprocessing.get_context("spawn").Barrier(len(WORKERS)))
    if first:
        shared.done.fill_(state["seconds"] / (60 * options.minutes))
    multiprocessing.spawn(work, (shared, options, first), nprocs=len(WORKERS))


if __name__ == "__main__":
    main()
