"""Makes what stands in a ticket's slots: names, products, and the four facts that extraction looks for.

A fact has the form the customer wrote and the form the answer wants (`12 March 2026` -> `2026-03-12`).
"""

import datetime
import random
import string
from dataclasses import dataclass, field

import addresses
from phrases import Bank, strip_accents

FACTS = ("order_id", "email", "amount", "date")

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
}
_FIRST_DAY = datetime.date(2024, 1, 1)
_DAYS = (datetime.date(2027, 12, 31) - _FIRST_DAY).days + 1


@dataclass(frozen=True)
class Fact:
    written: str
    answer: str


@dataclass
class Values:
    """The slot values of one ticket: the same slot always gives the same text within a ticket."""

    bank: Bank
    language: str
    rng: random.Random
    facts: dict[str, Fact] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def fill(self, slot: str) -> str:
        if slot in ("order", "email", "amount", "date"):
            name = "order_id" if slot == "order" else slot
            if name not in self.facts:
                self.facts[name] = getattr(self, f"_{slot}")()
            return self.facts[name].written
        if slot in ("good", "bad", "thing"):  # training only, and a new word each time
            return self._pick(f"{slot}_{self.language}")
        if slot not in self.texts:
            self.texts[slot] = self._text(slot)
        return self.texts[slot]

    def _text(self, slot: str) -> str:
        rng = self.rng
        match slot:
            case "name":
                return full_name(self.bank, rng) if rng.random() < 0.4 else self._pick("first_names")
            case "product" | "device" | "reason" | "fee":
                return self._pick(f"{slot}s_{self.language}")
            case "city" | "carrier" | "plan" | "street" | "error":
                return self._pick({"city": "cities"}.get(slot, slot + "s"))
            case "month":
                return rng.choice(_MONTHS[self.language])
            case "year":
                return str(rng.randint(1998, 2025))
            case "time" | "time2":
                separator = "h" if self.language == "pt" and rng.random() < 0.4 else ":"
                return f"{rng.randint(8, 21)}{separator}{rng.choice(('00', '15', '30', '45'))}"
            case "count":
                return str(rng.randint(2, 9))
            case "count2":
                return str(rng.randint(18, 95))
            case "phone":
                return rng.choice(("+351 9## ### ###", "+55 11 9####-####", "+44 7### ######", "0## ### ####", "9########"))\
                    .replace("#", "{}").format(*(rng.randint(0, 9) for _ in range(12)))
            case "customer":
                return digits(rng, 5)
            case "tracking":
                return f"{letters(rng, 2)}{digits(rng, 9)}{rng.choice(('PT', 'BR', 'GB'))}"
            case "invoice":
                return rng.choice((f"FT {rng.randint(2024, 2027)}/{digits(rng, 3)}", f"INV-{digits(rng, 4)}"))
        raise KeyError(slot)

    def _pick(self, section: str) -> str:
        return self.rng.choice(self.bank.vocabulary(section))

    def _order(self) -> Fact:
        rng = self.rng
        if rng.random() < 0.35 or self.bank.split != "train":
            prefix = self._pick("order_prefixes")
        else:
            prefix = letters(rng, rng.randint(1, 3))
            if prefix in HELD_OUT_PREFIXES:
                prefix = "A"
        year = str(rng.randint(2024, 2027))
        text = rng.choice((
            f"{prefix}-{digits(rng, 5)}", f"{prefix}-{digits(rng, 4)}", f"{prefix}{digits(rng, 6)}",
            f"{prefix}-{digits(rng, 6)}", f"{prefix}-{year}-{digits(rng, 4)}", digits(rng, rng.randint(5, 8)),
            f"{digits(rng, 4)}-{digits(rng, 4)}", f"{prefix}-{digits(rng, 3)}-{digits(rng, 2)}"))
        return Fact("#" + text if text.isdigit() and rng.random() < 0.3 else text, text)

    def _email(self) -> Fact:
        rng = self.rng
        first, last = ascii_lower(self._pick("first_names")), ascii_lower(self._pick("surnames"))
        number = str(rng.randint(1, 99)) if rng.random() < 0.5 else str(rng.randint(1950, 2005))
        local = rng.choice((f"{first}.{last}", f"{first}{last}", f"{first[0]}.{last}", f"{first}_{last}", first,
                            f"{first}{number}", f"{last}.{first}", f"{first}-{last}", f"{first[0]}{last}",
                            f"{first}.{last}{number}", f"{last}{number}"))
        domain = self._pick("domains")
        if self.bank.split == "train":
            local = addresses.local_part(self.bank, rng) if rng.random() < 0.75 else local
            domain = addresses.domain(self.bank, rng) if rng.random() < 0.75 else domain
        return Fact(f"{local}@{domain}", f"{local}@{domain}")

    def _amount(self) -> Fact:
        rng = self.rng
        cents = int(100 * 10 ** rng.uniform(0.5, 3.7))
        whole, rest = divmod(cents, 100)
        if rng.random() < 0.25:
            rest = 0
        answer = f"{whole}.{rest:02d}"
        if rest == 0 and rng.random() < 0.6:
            number = str(whole) if whole < 1000 or rng.random() < 0.5 else grouped(whole, self.language)
        else:
            body = str(whole) if rng.random() < 0.3 else grouped(whole, self.language)
            number = f"{body}{'.' if self.language == 'en' else ','}{rest:02d}"
        forms = {"en": ("${}", "€{}", "£{}", "{} EUR", "EUR {}", "USD {}", "{} dollars", "{} euros", "${}", "{} USD", "€ {}"),
                 "pt": ("R$ {}", "R$ {}", "R${}", "{} €", "{}€", "€ {}", "{} euros", "{} reais", "EUR {}", "{} EUR")}
        return Fact(rng.choice(forms[self.language]).format(number), answer)

    def _date(self) -> Fact:
        rng = self.rng
        day = _FIRST_DAY + datetime.timedelta(days=rng.randrange(_DAYS))
        month = _MONTHS[self.language][day.month - 1]
        if self.language == "en":
            forms = (day.isoformat(), f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}")
        else:
            forms = (f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}", f"{day.day} de {month} de {day.year}",
                     f"{day.day} de {month} de {day.year}", day.isoformat())
        return Fact(rng.choice(forms), day.isoformat())


def full_name(bank: Bank, rng: random.Random) -> str:
    return f"{rng.choice(bank.vocabulary('first_names'))} {rng.choice(bank.vocabulary('surnames'))}"


def grouped(number: int, language: str) -> str:
    text = f"{number:,}"
    return text if language == "en" else text.replace(",", ".")


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.ascii_uppercase) for _ in range(count))


def ascii_lower(name: str) -> str:
    return strip_accents(name).lower().replace(" ", "")


def _held_out_prefixes() -> frozenset[str]:
    import phrases
    return frozenset(phrases.load("held-out").vocabulary("order_prefixes"))


HELD_OUT_PREFIXES = _held_out_prefixes()
