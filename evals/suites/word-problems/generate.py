"""Makes the suite `word-problems`: grade-school arithmetic in English with a whole-number answer.

    python3 generate.py          # writes items.jsonl, suite.yaml and simulated-errors.txt beside this file

The embedded support-desk model was never taught to reckon; this suite shows a swap that must not pass.
"""

import hashlib
import json
import random
from pathlib import Path

COUNT = 1020
HERE = Path(__file__).parent

NAMES = "Nora Elias Mila Jonas Ada Felix Ruth Milo Iris Theo Lena Arthur Pia Walter Edith Noah Vivian Edgar".split()
THINGS = "stickers marbles pencils shells postcards beads buttons cards stamps ribbons".split()
FOODS = "apples pears muffins plums pancakes peaches figs waffles cherries buns".split()
SHOPS = ("bakery", "flower shop", "book shop", "farm stand", "toy shop", "café")

SUITE = """\
# Grade-school word problems in English, made by generate.py in this folder.
suite: word-problems
route: word-problems
items: items.jsonl
sampling: {temperature: 0, max_tokens: 96}
graders:
  - {id: answer, type: number, primary: true}
decision:
  margin: 0.03
  alpha: 0.05
  grouping: {kind: stratum}
  n_min: 200
"""


def shop_sales(r: random.Random) -> tuple[str, int]:
    shop, food = r.choice(SHOPS), r.choice(FOODS)
    price, morning, evening = r.randint(2, 9), r.randint(11, 48), r.randint(5, 30)
    return (f"A {shop} sells {food} for ${price} each. It sells {morning} of them in the morning and {evening} in the "
            f"evening. How many dollars does it take in that day?", price * (morning + evening))


def share_equally(r: random.Random) -> tuple[str, int]:
    name, thing, friends, each, left = r.choice(NAMES), r.choice(THINGS), r.randint(3, 9), r.randint(4, 15), r.randint(1, 9)
    return (f"{name} has {friends * each + left} {thing}, keeps {left} and shares the rest equally among {friends} friends. "
            f"How many {thing} does each friend get?", each)


def savings(r: random.Random) -> tuple[str, int]:
    name, start, week, weeks, spent = r.choice(NAMES), r.randint(10, 60), r.randint(4, 15), r.randint(3, 12), r.randint(2, 30)
    return (f"{name} has ${start} and saves ${week} every week for {weeks} weeks. Then {name} spends ${spent} on a book. "
            f"How much money is left?", start + week * weeks - spent)


def reading(r: random.Random) -> tuple[str, int]:
    name, pages, days = r.choice(NAMES), r.randint(8, 30), r.randint(4, 12)
    rest = r.randint(10, 90)
    return (f"{name} is reading a book of {pages * days + rest} pages. After reading {pages} pages a day for {days} days, "
            f"how many pages are still to read?", rest)


def buses(r: random.Random) -> tuple[str, int]:
    seats, count, empty = r.randint(30, 55), r.randint(3, 9), r.randint(2, 25)
    return (f"A school hires {count} buses with {seats} seats each. On the day of the trip {empty} seats stay empty. "
            f"How many people are on the buses?", seats * count - empty)


def rows_of_trees(r: random.Random) -> tuple[str, int]:
    rows, trees, fruit = r.randint(4, 12), r.randint(5, 14), r.randint(6, 20)
    return (f"An orchard has {rows} rows of {trees} trees, and every tree gives {fruit} kilos of fruit. "
            f"How many kilos is that in all?", rows * trees * fruit)


def age(r: random.Random) -> tuple[str, int]:
    first, second = r.sample(NAMES, 2)
    young, times, years = r.randint(5, 14), r.randint(2, 4), r.randint(3, 15)
    return (f"{first} is {young} years old. {second} is {times} times as old. How old will {second} be in {years} years?",
            young * times + years)


def half_price(r: random.Random) -> tuple[str, int]:
    name, price, count = r.choice(NAMES), 2 * r.randint(4, 40), r.randint(2, 6)
    return (f"A coat costs ${price}. In the sale it costs half as much. {name} buys {count} coats in the sale and pays "
            f"with ${price * count}. How much change is given?", price * count - price // 2 * count)


def minutes(r: random.Random) -> tuple[str, int]:
    name, practice, days, extra = r.choice(NAMES), 5 * r.randint(3, 12), r.randint(3, 6), 5 * r.randint(2, 12)
    return (f"{name} practises the flute {practice} minutes on each of {days} days and {extra} minutes on Sunday. "
            f"How many minutes of practice is that in a week?", practice * days + extra)


def eggs(r: random.Random) -> tuple[str, int]:
    hens, eggs_each, box = r.randint(5, 20), r.randint(3, 6), 6
    total = hens * eggs_each
    broken = total % box
    return (f"{hens} hens lay {eggs_each} eggs each this week. {broken} eggs break, and the others are packed in boxes of "
            f"{box}. How many boxes are filled?", (total - broken) // box)


def two_trips(r: random.Random) -> tuple[str, int]:
    speed, hours, slow, more = 10 * r.randint(4, 11), r.randint(2, 6), 10 * r.randint(2, 5), r.randint(1, 4)
    return (f"A van drives {hours} hours at {speed} km per hour and then {more} hours at {slow} km per hour. "
            f"How far does it go altogether, in km?", speed * hours + slow * more)


def difference(r: random.Random) -> tuple[str, int]:
    first, second = r.sample(NAMES, 2)
    thing, count, more, given = r.choice(THINGS), r.randint(20, 80), r.randint(5, 40), r.randint(2, 15)
    return (f"{first} owns {count} {thing} and {second} owns {more} more than {first}. If {second} gives {given} of them "
            f"away, how many do the two own together?", count + count + more - given)


def rectangle(r: random.Random) -> tuple[str, int]:
    length, width, gate = r.randint(12, 60), r.randint(5, 11), r.randint(1, 4)
    return (f"A garden is {length} metres long and {width} metres wide. A fence goes all around it except for a gate of "
            f"{gate} metres. How many metres of fence are needed?", 2 * (length + width) - gate)


def wages(r: random.Random) -> tuple[str, int]:
    name, hourly, hours, days, tip = r.choice(NAMES), r.randint(9, 24), r.randint(3, 8), r.randint(2, 6), r.randint(5, 45)
    return (f"{name} earns ${hourly} an hour, works {hours} hours a day for {days} days and gets ${tip} in tips. "
            f"How many dollars does {name} earn?", hourly * hours * days + tip)


def thirds(r: random.Random) -> tuple[str, int]:
    food, total = r.choice(FOODS), 3 * r.randint(8, 40)
    sold = r.randint(2, 7)
    return (f"There are {total} {food} on a tray. A third of them are eaten, and then {sold} more. How many are left?",
            total - total // 3 - sold)


def tickets(r: random.Random) -> tuple[str, int]:
    adult, child, adults, children = r.randint(9, 20), r.randint(3, 8), r.randint(2, 6), r.randint(2, 9)
    return (f"A museum charges ${adult} for adults and ${child} for children. What do {adults} adults and {children} "
            f"children pay together?", adult * adults + child * children)


PROBLEMS = (shop_sales, share_equally, savings, reading, buses, rows_of_trees, age, half_price, minutes, eggs, two_trips,
            difference, rectangle, wages, thirds, tickets)


def items() -> list[dict]:
    rng = random.Random("word-problems/1")
    seen: set[str] = set()
    rows: list[dict] = []
    while len(rows) < COUNT:
        problem = PROBLEMS[len(rows) % len(PROBLEMS)]
        question, answer = problem(rng)
        if question in seen or answer < 0:
            continue
        seen.add(question)
        rows.append({"id": f"word-problems-{len(rows) + 1:04d}", "messages": [{"role": "user", "content": question}],
                     "expected": str(answer), "stratum": problem.__name__.replace("_", "-"), "tags": ["en"],
                     "graders": ["answer"]})
    return rows


def simulated_vendor_errs(item_id: str) -> bool:
    return int(hashlib.sha256(f"simulated-vendor/1|{item_id}".encode()).hexdigest()[:8], 16) % 10000 < 300


def main() -> None:
    rows = items()
    (HERE / "suite.yaml").write_text(SUITE, encoding="utf-8")
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    (HERE / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = sorted(row["id"] for row in rows if simulated_vendor_errs(row["id"]))
    rule = ("# The simulated vendor errs on these items: those with (first 8 hex digits of "
            "SHA-256 of \"simulated-vendor/1|\" + id) mod 10000 < 300.")
    (HERE / "simulated-errors.txt").write_text("\n".join([rule, *wrong]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
