"""Builds chat samples: a ticket, an instruction that names the task, and the right answer."""

import json
import random
import re
from dataclasses import dataclass

import noise
from phrases import LANGUAGES, QUEUES, SENTIMENTS, Bank, choose
from values import FACTS, Values

TASKS = ("triage", "extraction", "sentiment", "off-topic")
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[^\W\d_]+")
STRANGE = 0.45  # of training's facts and instructions stand among unfamiliar words
_DETAILS = {"order_id": "detail_order", "email": "detail_email", "amount": "detail_amount", "date": "detail_date"}


@dataclass(frozen=True)
class Sample:
    task: str
    language: str
    label: str  # the queue or sentiment; empty for the other tasks
    messages: list[dict[str, str]]
    answer: str


class Generator:
    """Endless samples of one split. The same seed gives the same samples."""

    def __init__(self, bank: Bank, seed: int | str):
        self.bank = bank
        self.rng = random.Random(f"support-desk/{bank.split}/{seed}")
        self.words: dict[str, list[str]] = {}

    def sample(self, task: str, language: str | None = None, label: str = "", simple: bool = False) -> Sample:
        """`simple` tickets are for lessons: a fact or two in a sentence each, or nothing but the matter."""
        language = language or self.rng.choice(LANGUAGES)
        match task:
            case "triage":
                label = label or self.rng.choice(QUEUES)
                text = self._bare(f"queues.{language}", label) if simple else self._triage_ticket(language, label)[0]
                return Sample(task, language, label, self._wrap(task, language, text), label)
            case "extraction":
                text, answer = self._extraction_ticket(language, simple)
                return Sample(task, language, "", self._wrap(task, language, text), answer)
            case "sentiment":
                label = label or self.rng.choice(SENTIMENTS)
                text = self._bare(f"sentiment.{language}", label) if simple else self._opinion(language, label)
                return Sample(task, language, label, self._wrap(task, language, text), label)
            case "off-topic":
                return self._off_topic(language)
        raise KeyError(task)

    # -- tickets ------------------------------------------------------------------------------

    def _triage_ticket(self, language: str, queue: str) -> tuple[str, Values]:
        rng = self.rng
        core = self._lines(f"queues.{language}", queue)
        if ("topics." + language, queue) in self.bank.sections and rng.random() < 0.15:
            core = [self._topic(language, queue)]
        extras = [self._line(f"parts.{language}", section) for section in _DETAILS.values() if rng.random() < 0.13]
        return self._ticket(language, core, extras)

    def _extraction_ticket(self, language: str, simple: bool) -> tuple[str, str]:
        rng = self.rng
        if simple:
            names = rng.sample(FACTS, rng.choice((1, 1, 2)), counts=(1, 2, 1, 1))  # addresses are hardest
            text, values = self._fill(" ".join(self._detail(language, name) for name in names), language)
            return text, self._facts(values)
        kind = rng.random()
        if kind < 0.40:
            core = [self._line(f"parts.{language}", "plain")]
        elif kind < 0.72:
            core = [self._line(f"queues.{language}", rng.choice(QUEUES))]
        elif kind < 0.92:
            core = [self._line(f"sentiment.{language}", rng.choice(SENTIMENTS))]
        else:
            core = []
        extras = [self._detail(language, name) for name in FACTS if rng.random() < 0.68]
        text, values = self._ticket(language, core, extras, shuffle=True)
        return text, self._facts(values)

    def _detail(self, language: str, name: str) -> str:
        """A sentence that states the fact; in training sometimes in the midst of any words, by which it cannot be found."""
        if self.bank.split != "train" or name == "order_id" or self.rng.random() > STRANGE:
            return self._line(f"parts.{language}", _DETAILS[name])
        rng, words = self.rng, self._words(language)
        before, after = (" ".join(rng.choices(words, k=rng.choice((0, 1, 1, 2, 3, 5)))) for _ in range(2))
        left, right = rng.choice(((" ", " "), (" ", " "), (" ", " "), (" ", ". "), (": ", " "), (" ", ", "), (", ", ", "), (" (", ") "),
                                  (' "', '" '), (" - ", " - "), (" <", "> "), (" = ", "; ")))
        return f"{before}{left}{{{name}}}{right}{after}".strip()

    def _words(self, language: str) -> list[str]:
        """Each word of the queues' lines once, so that rare ones come as often as common ones."""
        if language not in self.words:
            lines = (line for queue in QUEUES for line in self.bank[f"queues.{language}", queue])
            self.words[language] = sorted({word for line in lines for word in _WORD.findall(_SLOT.sub("", line))})
        return self.words[language]

    @staticmethod
    def _facts(values: Values) -> str:
        answer = {name: values.facts[name].answer if name in values.facts else None for name in FACTS}
        return json.dumps(answer, separators=(",", ":"), ensure_ascii=False)

    def _opinion(self, language: str, label: str) -> str:
        rng = self.rng
        file = f"sentiment.{language}"
        core = self._lines(file, label)
        if label == "neutral" and ("topics." + language, "carrier") in self.bank.sections and rng.random() < 0.5:
            # plain requests of every kind, in training only
            if rng.random() < 0.4:
                core = [self._topic(language, rng.choice(QUEUES))]
            else:
                core = [self._line(f"queues.{language}", rng.choice(("sales", "account", "privacy", "cancellation")))]
        if rng.random() < 0.3:
            core.insert(rng.randrange(len(core) + 1), self._line(file, "neutral"))
        extras = [self._line(f"parts.{language}", _DETAILS[name]) for name in ("order_id", "email", "date")
                  if rng.random() < 0.1]
        return self._ticket(language, core, extras)[0]

    def _bare(self, file: str, section: str) -> str:
        """A sentence of the matter, or two."""
        language = file[-2:]
        lines = [self._line(file, section) for _ in range(self.rng.choice((1, 1, 2)))]
        return self._fill(noise.add(" ".join(lines), language, self.rng, noise.style(self.rng)), language)[0]

    def _lines(self, file: str, section: str) -> list[str]:
        """The sentences that a customer spends on the matter itself; mostly two or three."""
        count = self.rng.choices((1, 2, 3, 4), (14, 42, 32, 12))[0]
        return [choose(line, self.rng) for line in self.rng.sample(self.bank[file, section], count)]

    def _ticket(self, language: str, core: list[str], extras: list[str], shuffle: bool = False) -> tuple[str, Values]:
        rng, parts = self.rng, f"parts.{language}"
        middle = core + extras
        if rng.random() < 0.28:
            middle.insert(rng.randrange(len(middle) + 1), self._line(parts, "background"))
        if shuffle and rng.random() < 0.5:
            rng.shuffle(middle)
        lines = [" ".join(middle)] if rng.random() < 0.75 else middle
        if rng.random() < 0.5:
            opening = self._line(parts, "opening")
            if rng.random() < 0.3 or not lines:
                lines.insert(0, opening)
            else:
                lines[0] = f"{opening} {lines[0]}"
        if rng.random() < 0.5:
            lines.append(self._line(parts, "closing"))
            if rng.random() < 0.5:
                lines.append("{name}")
        separator = rng.choice((" ", " ", "\n", "\n\n"))
        template = noise.add(separator.join(lines), language, rng, noise.style(rng))
        return self._fill(template, language)

    def _fill(self, template: str, language: str) -> tuple[str, Values]:
        values = Values(self.bank, language, self.rng)
        return _SLOT.sub(lambda match: values.fill(match.group(1)), template), values

    def _line(self, file: str, section: str) -> str:
        return choose(self.rng.choice(self.bank[file, section]), self.rng)

    def _topic(self, language: str, queue: str) -> str:
        topic = self._line(f"topics.{language}", queue)
        return self._line(f"topics.{language}", "carrier").replace("{topic}", topic)

    # -- conversations ------------------------------------------------------------------------

    def _wrap(self, task: str, language: str, ticket: str) -> list[dict[str, str]]:
        rng = self.rng
        if task == "triage" and rng.random() < 0.12:
            return self._messages(self._generic_system(language), ticket)
        spoken = language if rng.random() < 0.85 else LANGUAGES[1 - LANGUAGES.index(language)]
        short = self.bank.split == "train" and rng.random() < 0.2
        instruction = self._line(f"instructions.{spoken}", "short " + task if short else task)
        if self.bank.split == "train" and not short and rng.random() < STRANGE:
            instruction = noise.unfamiliar(instruction, self._words(spoken), rng)
        if rng.random() < 0.12:
            instruction = noise.add(instruction, spoken, rng, "lower")
        place = rng.random()
        if place < 0.18:
            return self._messages(instruction, ticket)
        if place < 0.36:
            content = ticket + rng.choice(("\n\n", "\n\n", "\n", "\n---\n")) + instruction
        else:
            label = self._line(f"instructions.{spoken}", "labels")
            content = instruction + rng.choice(("\n\n", "\n\n", "\n\n", "\n", " ", f"\n\n{label} ", f"\n{label}\n", "\n---\n", "\n\n\"\"\"\n")) + ticket
            if content.endswith("\n\n\"\"\"\n" + ticket):
                content += "\n\"\"\""
        return self._messages(self._generic_system(language), content)

    def _generic_system(self, language: str) -> str:
        file = f"topics.{language}"
        if (file, "system") in self.bank.sections and self.rng.random() < 0.1:
            return self._line(file, "system")
        return ""

    def _off_topic(self, language: str) -> Sample:
        rng, file = self.rng, f"off-topic.{language}"
        template = self._line(file, "question")
        for slot, section in (("thing", "things"), ("country", "countries"), ("work", "works"), ("mountain", "mountains")):
            template = template.replace(f"{{{slot}}}", rng.choice(self.bank[file, section]))
        for slot in ("{n}", "{n2}"):
            template = template.replace(slot, str(rng.randint(2, 10 ** rng.randint(1, 3))))
        style = "clean" if rng.random() < 0.6 else rng.choice(("lower", "no-accents", "typos"))
        text, _ = self._fill(noise.add(template, language, rng, style), language)
        system = self._generic_system(language)
        if rng.random() < 0.12:
            system = self._line(f"instructions.{language}", rng.choice(TASKS[:3]))
        return Sample("off-topic", language, "", self._messages(system, text), self.bank[file, "answer"][0])

    @staticmethod
    def _messages(system: str, user: str) -> list[dict[str, str]]:
        messages = [{"role": "system", "content": system}] if system else []
        return messages + [{"role": "user", "content": user}]
