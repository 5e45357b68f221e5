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
import random
import time
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Iterator

import torch
from torch import Tensor, multiprocessing
from torch.nn import functional as F

from induction import graft
from model import Config, Llama
from optimizer import Share
from phrases import check_disjoint, load
from tickets import Generator
from tokenizer import Tokenizer

WORKERS = ("facts", "labels")
LABEL_SHARES = {"triage": 0.52, "sentiment": 0.33, "off-topic": 0.15}
# the off-topic answer is eighteen tokens long, a label one or two
TOKEN_WEIGHTS = {"triage": 1.0, "sentiment": 1.0, "extraction": 1.0, "off-topic": 0.08}
# a label is also asked for at eight places inside the ticket: one answer a ticket is a thin signal to learn words from
EARLY_WEIGHT = 0.15
LONGEST = 200

Row = tuple[list[int], int, float, list[int]]  # tokens, length of the prompt, weight of an answer token, early places


def batches(tokenizer: Tokenizer, worker: str, seed: str, batch_tokens: int, repeats: int) -> Iterator[tuple[Tensor, ...]]:
    """Endless (tokens, positions that predict an answer token, targets, weights).

    For the first `repeats` batches every other one of the fact worker, later one in ten, is a lesson in copying alone.
    """
    generator = Generator(load("train"), seed)
    order = random.Random(seed)
    for count, batch in enumerate(_ticket_batches(tokenizer, worker, generator, order, batch_tokens)):
        if worker == "facts" and (count % 2 == 0 if count < repeats else count % 10 == 0):
            yield _tensors([_repetition(tokenizer, order) for _ in range(batch_tokens // 36)])
        else:
            yield batch


def _repetition(tokenizer: Tokenizer, order: random.Random) -> Row:
    """Random pieces, some of which come again: after its first piece the second occurrence can be foretold."""
    first_normal = tokenizer.end + 1
    beyond = len(tokenizer.pieces) if order.random() < 0.5 else first_normal + 100  # any pieces, or single characters
    pieces = [order.randrange(first_normal, beyond) for _ in range(order.randint(10, 22))]
    at = order.randrange(len(pieces) - 7)
    copied = pieces[at : at + order.randint(5, 12)]
    filler = [order.randrange(first_normal, beyond) for _ in range(order.randint(0, 5))]
    prompt = pieces + filler + copied[:1]
    return prompt + copied[1:], len(prompt), 1.0, []


def _ticket_batches(tokenizer: Tokenizer, worker: str, generator: Generator, order: random.Random,
                    batch_tokens: int) -> Iterator[tuple[Tensor, ...]]:
    for turn in itertools.count():
        facts = worker == "facts" or turn % 6 == 5
        pool: list[Row] = []
        while len(pool) < 320:
            task = "extraction" if facts else order.choices(list(LABEL_SHARES), list(LABEL_SHARES.values()))[0]
            sample = generator.sample(task)
            prompt = tokenizer.chat(sample.messages)
            tokens = prompt + tokenizer.encode(sample.answer) + [tokenizer.end]
            if len(tokens) <= LONGEST:
                places = range(len(prompt) // 3, len(prompt) - 4)
                early = order.sample(places, min(8, len(places))) if sample.label else []
                pool.append((tokens, len(prompt), TOKEN_WEIGHTS[sample.task], sorted(early)))
        pool.sort(key=lambda row: len(row[0]))
        groups: list[list] = [[]]
        for row in pool:
            if (len(groups[-1]) + 1) * len(row[0]) > batch_tokens:
                groups.append([])
            groups[-1].append(row)
        order.shuffle(groups)
        for group in groups:
            yield _tensors(group)


def _tensors(rows: list[Row]) -> tuple[Tensor, ...]:
    length = max(len(tokens) for tokens, *_ in rows) - 1
    answer = max(len(tokens) - prompt + len(early) for tokens, prompt, _, early in rows)
    tokens = torch.zeros(len(rows), length, dtype=torch.long)
    keep = torch.zeros(len(rows), answer, dtype=torch.long)
    targets = torch.zeros(len(rows), answer, dtype=torch.long)
    weights = torch.zeros(len(rows), answer)
    for i, (row, prompt, weight, early) in enumerate(rows):
        count = len(row) - prompt
        end = count + len(early)
        tokens[i, : len(row) - 1] = torch.tensor(row[:-1])
        keep[i, :count] = torch.arange(prompt - 1, len(row) - 1)
        targets[i, :count] = torch.tensor(row[prompt:])
        weights[i, :count] = weight
        keep[i, count:end] = torch.tensor(early, dtype=torch.long)
        targets[i, count:end] = row[prompt]
        weights[i, count:end] = EARLY_WEIGHT
    return tokens, keep, targets, weights


def loss_of(model: Llama, batch: tuple[Tensor, ...]) -> Tensor:
    tokens, keep, targets, weights = batch
    learned = weights > 0
    logits = model.logits(model.hidden(tokens, keep)[learned])
    losses = F.cross_entropy(logits, targets[learned], reduction="none")
    return (losses * weights[learned]).sum() / weights.sum()


def rate(done: float, peak: float) -> float:
    """Warm-up over the first twentieth, then a cosine down to one hundredth; `done` is the share of the budget."""
    if done < 0.05:
        return peak * max(done / 0.05, 0.01)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - 0.05) / 0.95))))


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
    source = batches(tokenizer, WORKERS[rank], f"{options.seed}/{first}/{rank}", options.batch_tokens, options.repeats)
    optimizer = Share(shared.model, rank, len(WORKERS), options.peak)
    log = Log(shared, options, first) if rank == 0 else None
    for step in itertools.count(first):
        batch = next(source)
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
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--peak", type=float, default=2e-3)
    parser.add_argument("--batch-tokens", type=int, default=1536, help="of one worker")
    parser.add_argument("--repeats", type=int, default=1000, help="batches of the copying lesson at the start")
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
        model = Llama(config)
        model.load_state_dict(state["model"])
        first = state["step"]
    elif options.start_from:
        model = Llama(config)
        model.load_state_dict(torch.load(options.start_from)["model"])
    else:
        model = graft(Llama(replace(config, layers=config.layers - 1)))
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
