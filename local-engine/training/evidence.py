"""Writes a bag of words into the weights: what each token says about task, queue and sentiment, and a head that adds it up.

A linear model over tokens learns in seconds what a transformer takes thousands of steps to find. Its weights go into
spare directions of the embedding; one head of block 2, made to look at everything evenly, takes the mean and notes it in
other spare directions. What to do with the sums is left to training.
"""

import math

import torch
from torch import Tensor

from induction import spare_directions
from model import Block, Llama, rope_tables
from phrases import QUEUES, SENTIMENTS, load
from tickets import TASKS, Generator
from tokenizer import Tokenizer

BLOCK = 2
CLASSES = (*TASKS, *QUEUES, *SENTIMENTS)
_SPANS = {"task": (0, 4), "triage": (4, 12), "sentiment": (12, 15)}


def learn_words(tokenizer: Tokenizer, samples: int = 40_000, epochs: int = 3) -> Tensor:
    """(vocabulary, classes): the log-odds that a token lends to each class, by softmax regression on mean tokens."""
    generator = Generator(load("train"), "evidence")
    bags, rows = [], []
    for i in range(samples):
        sample = generator.sample(TASKS[(0, 2, 0, 2, 1, 3)[i % 6]])
        bags.append(torch.tensor(tokenizer.chat(sample.messages)))
        rows.append((TASKS.index(sample.task), CLASSES.index(sample.label) if sample.label else -1))
    words = torch.nn.EmbeddingBag(len(tokenizer.pieces), len(CLASSES), mode="mean")
    torch.nn.init.zeros_(words.weight)
    optimizer = torch.optim.Adam(words.parameters(), lr=0.2)
    answers = torch.tensor(rows)
    for epoch in range(epochs):
        for group in optimizer.param_groups:
            group["lr"] = 0.2 / (1 + 2 * epoch)
        for at in range(0, samples, 128):
            chosen = bags[at : at + 128]
            offsets = torch.tensor([0] + [len(bag) for bag in chosen]).cumsum(0)[:-1]
            logits = 10 * words(torch.cat(chosen), offsets)
            tasks, labels = answers[at : at + 128].t()
            loss = torch.nn.functional.cross_entropy(logits[:, :4], tasks)
            for name in ("triage", "sentiment"):
                first, last = _SPANS[name]
                mine = tasks == TASKS.index(name)
                loss = loss + torch.nn.functional.cross_entropy(logits[mine, first:last], labels[mine] - first)
            loss = loss + 1e-4 * words.weight.pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return words.weight.detach()


@torch.no_grad()
def graft(model: Llama, words: Tensor, tokenizer: Tokenizer, loud: float = 0.35, sum_share: float = 0.5) -> Llama:
    """`loud` and `sum_share` are sizes relative to a token's embedding and to the state that the sums are added to."""
    c = model.config
    spoken, noted = spare_directions(c, len(CLASSES))
    embedding = model.embedding.weight
    seen = words.norm(dim=1) > 0
    words = words - words[seen].mean(0)
    embedding[seen] += loud * float(embedding.norm(dim=1).mean() / words[seen].norm(dim=1).mean()) * words[seen] @ spoken.t()

    block, head = model.blocks[BLOCK], slice(0, c.head_width)
    sums = slice(0, len(CLASSES))
    block.query.weight[head] = 0
    block.key.weight[head] = 0
    block.value.weight[head] = 0
    block.value.weight[sums] = spoken.t()
    block.attention_out.weight[:, head] = 0
    block.attention_out.weight[:, sums] = noted * sum_share * _quietness(model, block, sums, tokenizer)
    return model


def _quietness(model: Llama, block: Block, sums: slice, tokenizer: Tokenizer) -> float:
    """How much smaller than the state the sums are at the end of a ticket, on average."""
    c = model.config
    generator = Generator(load("train"), "scale")
    cos, sin = rope_tables(c)
    ratios = []
    for _ in range(40):
        tokens = torch.tensor([tokenizer.chat(generator.sample("triage").messages)])
        x, length = model.embedding(tokens), tokens.shape[1]
        mask = torch.full((length, length), -math.inf).triu(1)
        for earlier in model.blocks[:BLOCK]:
            x = earlier(x, cos[:length], sin[:length], mask)
        means = (block.attention_norm(x) @ block.value.weight[sums].t()).mean(1)
        ratios.append(float(x[0, -1].norm() / means.norm()))
    return sum(ratios) / len(ratios)
