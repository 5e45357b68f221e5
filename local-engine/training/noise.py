"""Writes a template the way people type: lower case, missing accents, typos, shorthand, capitals.

Works on the template before its slots are filled, so that order numbers, e-mails, amounts and dates stay as they are.
"""

import random
import re

from phrases import strip_accents

_SHORTHAND = {
    "en": {"you": "u", "your": "ur", "please": "pls", "thanks": "thx", "because": "cuz", "are": "r", "cannot": "cant",
           "don't": "dont", "can't": "cant", "I'm": "im", "I am": "im", "I've": "ive", "does not": "doesnt",
           "do not": "dont", "it is": "its", "going to": "gonna", "want to": "wanna", "and": "&", "have not": "havent",
           "did not": "didnt", "is not": "isnt", "something": "smth", "information": "info"},
    "pt": {"não": "n", "Não": "nao", "você": "vc", "vocês": "vcs", "Vocês": "vcs", "porque": "pq", "que": "q",
           "também": "tb", "por favor": "pf", "Por favor": "pf", "está": "tá", "estou": "tou", "obrigado": "obg",
           "para": "pra", "quando": "qd", "com": "c", "mensagem": "msg", "comigo": "cmg", "hoje": "hj", "muito": "mt"},
}
_WORDS = re.compile(r"\{\w+\}|[^\W\d_]+|.", re.S)


def add(template: str, language: str, rng: random.Random, style: str) -> str:
    """`style` is one of `STYLES`."""
    if style in ("shorthand", "sloppy"):
        for long, short in _SHORTHAND[language].items():
            if rng.random() < 0.6:
                template = re.sub(rf"(?<![\w{{]){re.escape(long)}(?![\w}}])", short, template)
    if style in ("no-accents", "sloppy"):
        template = strip_accents(template)
    if style in ("typos", "sloppy"):
        template = "".join(_typo(word, rng) for word in _WORDS.findall(template))
    if style in ("lower", "sloppy"):
        template = template.lower()
    if style == "sloppy":
        template = template.replace(",", "").replace("'", "")
    if style == "capitals":
        template = "".join(word if word.startswith("{") else word.upper() for word in _WORDS.findall(template))
    return template


def forgetful(text: str, rng: random.Random) -> str:
    """Leaves out some words: in training alone, so that no label hangs on a single word."""
    share = rng.uniform(0.05, 0.25)
    return " ".join(word for word in text.split(" ") if rng.random() > share)


def unfamiliar(text: str, words: list[str], rng: random.Random) -> str:
    """Puts any words in the place of some and between others: in training alone, so that a sentence is understood that
    holds unknown words."""
    share, result = rng.uniform(0.05, 0.3), []
    for word in text.split(" "):
        if rng.random() < share:
            result.append(rng.choice(words))
        if "{" in word or rng.random() >= share:
            result.append(word)
    return " ".join(result)


STYLES = ("clean", "lower", "no-accents", "typos", "shorthand", "sloppy", "capitals")
WEIGHTS = (56, 11, 8, 10, 7, 5, 3)


def style(rng: random.Random) -> str:
    return rng.choices(STYLES, WEIGHTS)[0]


def _typo(word: str, rng: random.Random) -> str:
    if len(word) < 5 or word.startswith("{") or rng.random() > 0.08:
        return word
    at = rng.randrange(1, len(word) - 2)
    match rng.randrange(3):
        case 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2:]
        case 1:
            return word[:at] + word[at + 1:]
        case _:
            return word[:at] + word[at] + word[at:]
