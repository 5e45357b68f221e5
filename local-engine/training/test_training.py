"""Quick checks of everything but the learning: /usr/bin/python3 -m unittest test_training.py"""

import json
import random
import unittest

import numpy as np
import torch

import addresses
import gguf
import induction
import phrases
import suites
from model import Config, Llama, rotate
from optimizer import Held
from tickets import TASKS, Generator
from tokenizer import Tokenizer


class TrainingTest(unittest.TestCase):
    def test_held_out_lines_do_not_occur_in_training(self):
        phrases.check_disjoint()

    def test_committed_suite_is_what_the_generator_makes(self):
        committed = (suites.SUITES / "support" / "items.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line) for line in committed], suites.items())

    def test_made_up_addresses_are_plain_and_hardly_ever_come_twice(self):
        bank, rng = phrases.load("train"), random.Random(3)
        addresses_made = [f"{addresses.local_part(bank, rng)}@{addresses.domain(bank, rng)}" for _ in range(2000)]
        for address in addresses_made:
            self.assertRegex(address, r"^[a-z0-9][a-z0-9._'-]*@[a-z0-9][a-z0-9.-]*\.[a-z]{2,}$")
            self.assertLess(len(address), 80)
        self.assertGreater(len(set(addresses_made)), 1980)

    def test_same_seed_gives_same_samples(self):
        first, second = (Generator(phrases.load("train"), 5) for _ in range(2))
        self.assertEqual([first.sample(task) for task in TASKS], [second.sample(task) for task in TASKS])

    def test_segments_change_no_token_and_decoding_gives_the_text_back(self):
        tokenizer = Tokenizer.load()
        texts = [item["messages"][-1]["content"] for item in suites.items()[::20]]
        texts += ["  two  spaces ", "tab\tand 日本語 🙂", '{"a":"b","c":null}', ""]
        for text in texts:
            self.assertEqual(tokenizer.encode(text), tokenizer.encode_whole(text))
            self.assertEqual(tokenizer.decode(tokenizer.encode(text)), text)

    def test_a_word_is_cut_alike_with_and_without_a_space_before_it(self):
        tokenizer = Tokenizer.load()
        for address in ("marlene.costa@example.com", "x_q7@web.io"):
            bare = tokenizer.encode(address)
            spaced = tokenizer.encode(" " + address)
            self.assertEqual(bare[1:], spaced[-len(bare) + 1:])

    def test_written_heads_know_how_an_address_begins(self):
        tokenizer = Tokenizer.load()
        torch.manual_seed(1)
        model = induction.graft(Llama(Config(len(tokenizer.pieces))), tokenizer)
        for text in ("contact maria.lopez@mail.com now", "My mail: x_q7brt@web.io, thanks", '"ozw@mail.pt"'):
            tokens = tokenizer.chat([{"role": "user", "content": text}])
            pieces = [tokenizer.pieces[token] for token in tokens]
            at = pieces.index("@")
            attention = self._attention(model, torch.tensor([tokens]), block=1, head=2)[at]
            begins = max(i for i in range(1, at) if pieces[i - 1][-1] in "▁\">")
            self.assertEqual(int(attention.argmax()), begins, text)

    def test_held_parts_stay_while_the_rest_is_trained(self):
        model = Llama(Config(64))
        heads, directions = induction.written(model.config), induction.fixed_directions(model.config)
        held, width = Held(model, heads, directions), model.config.head_width
        before = model.blocks[1].query.weight.detach().clone(), model.embedding.weight.detach() @ directions
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.1)
        held.restore()
        changed = (model.blocks[1].query.weight - before[0]).abs() > 0.01
        self.assertFalse(changed[2 * width : 3 * width].any())
        self.assertTrue(changed[: 2 * width].all())
        torch.testing.assert_close(model.embedding.weight.detach() @ directions, before[1], atol=1e-4, rtol=0)

    @staticmethod
    @torch.no_grad()
    def _attention(model: Llama, tokens: torch.Tensor, block: int, head: int) -> torch.Tensor:
        c, length = model.config, tokens.shape[1]
        cos, sin = model.cos[:length], model.sin[:length]
        mask = torch.full((length, length), -torch.inf).triu(1)
        x = model.embedding(tokens)
        for earlier in model.blocks[:block]:
            x = earlier(x, cos, sin, mask)
        layer = model.blocks[block]
        normed = layer.attention_norm(x)
        query, key = (rotate((normed @ part.weight.t()).view(1, length, c.heads, c.head_width), cos, sin)[0, :, head]
                      for part in (layer.query, layer.key))
        return (query @ key.t() / c.head_width ** 0.5 + mask).softmax(-1)

    def test_quantised_weights_are_near_the_originals(self):
        weights = np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32)
        again = gguf.dequantize(gguf.quantize(weights), weights.shape)
        self.assertLess(np.abs(weights - again).max(), np.abs(weights).max() / 127)


if __name__ == "__main__":
    unittest.main()
