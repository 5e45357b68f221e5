"""Makes up e-mail addresses for training, so wide that copying is easier to learn than any list of names and domains.

A name is one of the list, two names of the list joined in the middle, a row of syllables, or random letters. A domain is
made of such names and of everyday words of the training vocabulary, with any ending.
"""

import random
import re
import string
from functools import cache

from phrases import Bank, load, strip_accents

_ONSETS = ("b br c ch cl cr d dr f fl fr g gl gr h j k kl l lh m n nh p pl pr qu r s sch sh sk sl sm st str t th tr v w x y z"
           .split() + [""])
_VOWELS = "a a a e e e i i o o u ai au ea ee ei ia io oa oo ou y ue".split()
_CODAS = [""] * 6 + "l ll m n nd ng ns nt r rd rn rt s sk ss st t tt x z ck ff gh ld lm".split()
_ENDINGS = (
    "com com com com net org pt pt com.br com.br br co.uk ie de fr es it nl be ch at se no fi dk pl cz gr hu ro eu us ca in jp cn mx ar cl "
    "io co me tv cc ai app dev info biz pro name shop store online site tech cloud digital agency group team work works world life live "
    "today news blog page link email chat space studio art design photo music film games toys fashion style shoes coffee pizza bar pub "
    "wine beer farm garden flowers pet vet dog care dental clinic health fit yoga run bike tours travel holiday hotel house homes "
    "land city town law legal tax bank finance money market trade supply tools parts energy solar green eco bio school academy college "
    "org.br net.br adv.br med.br eng.br ind.br com.pt org.pt edu.pt co.nz com.au net.au org.uk ac.uk me.uk co.za com.mx com.ar co.jp com.tr "
    "com.es com.co london berlin paris amsterdam wales scot lisboa rio").split()


def local_part(bank: Bank, rng: random.Random) -> str:
    first, last = _name(bank, rng), _name(bank, rng)
    number = str(rng.randint(1, 99)) if rng.random() < 0.5 else str(rng.randint(1950, 2010))
    return rng.choice((
        f"{first}.{last}", f"{first}.{last}", f"{first}{last}", f"{first[0]}.{last}", f"{first[0]}{last}", f"{last}.{first}",
        f"{first}_{last}", f"{first}-{last}", f"{first}.{last[0]}", first, first, last, f"{first}{number}", f"{last}{number}",
        f"{first}.{last}{number}", f"{first}.{_name(bank, rng)}.{last}", f"{first}.{rng.choice(string.ascii_lowercase)}.{last}",
        f"{rng.choice(_words(bank))}{number}", rng.choice(_words(bank)), f"{rng.choice(_words(bank))}.{first}"))


def domain(bank: Bank, rng: random.Random) -> str:
    def part() -> str:
        return rng.choice(_words(bank)) if rng.random() < 0.55 else _name(bank, rng)
    name = rng.choice((
        lambda: part(), lambda: part(), lambda: part() + part(), lambda: part() + part(), lambda: f"{part()}-{part()}",
        lambda: rng.choice(("mail", "my", "the", "casa", "studio", "loja", "o", "a", "e", "do", "go")) + part(),
        lambda: part() + rng.choice(("mail", "do", "da", "dos", "de", "and", "e", "von")) + part(),
        lambda: f"{part()}{rng.randint(1, 999)}", lambda: f"mail.{part()}"))()
    ending = rng.choice(_ENDINGS) if rng.random() < 0.9 else "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 5)))
    name = name.replace("'", "")[:24].strip(".-")
    return f"{name}.{ending}"


def _name(bank: Bank, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.02:
        return "o'" + rng.choice(_people(bank))
    if kind < 0.2:
        return rng.choice(_people(bank))
    if kind < 0.5:
        one, other = rng.choice(_people(bank)), rng.choice(_people(bank))
        return (one[: rng.randint(1, len(one))] + other[rng.randint(0, len(other) - 1):])[:12]
    if kind < 0.85:
        return "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)
                       for _ in range(rng.choice((1, 2, 2, 2, 3, 3))))[:12]
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 9)))


@cache
def _listed(split: str, sections: tuple[str, ...]) -> list[str]:
    bank = load(split)
    words = {strip_accents(word).lower() for section in sections for line in bank.vocabulary(section)
             for word in re.findall(r"[^\W\d_]+", line)}
    return sorted(word for word in words if 3 <= len(word) <= 11 and word.isascii())


def _people(bank: Bank) -> list[str]:
    return _listed(bank.split, ("first_names", "surnames"))


def _words(bank: Bank) -> list[str]:
    return _listed(bank.split, ("products_en", "products_pt", "devices_en", "cities", "carriers", "plans", "streets", "reasons_en",
                                "reasons_pt", "good_en", "thing_en", "thing_pt"))
