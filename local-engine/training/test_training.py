"""Quick checks of everything but the learning: /usr/bin/python3 -m unittest test_training.py"""

import json
import unittest

import numpy as np

import gguf
import phrases
import suites
from tickets import TASKS, Generator
from tokenizer import Tokenizer


class TrainingTest(unittest.TestCase):
    def test_held_out_lines_do_not_occur_in_training(self):
        phrases.check_disjoint()

    def test_committed_suite_is_what_the_generator_makes(self):
        committed = (suites.SUITES / "support" / "items.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line) for line in committed], suites.items())

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

    def test_quantised_weights_are_near_the_originals(self):
        weights = np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32)
        again = gguf.dequantize(gguf.quantize(weights), weights.shape)
        self.assertLess(np.abs(weights - again).max(), np.abs(weights).max() / 127)


if __name__ == "__main__":
    unittest.main()
