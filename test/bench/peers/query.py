"""The questions of the bench, asked of a pandas frame that is in memory already.

query.py <csv file>; prints {"seconds", "questions": {name: median milliseconds}}.
"""
import json
import statistics
import sys
import time

import pandas

WARM_UP, TIMES = 5, 15
COUNTRIES = ["France", "Germany", "EIRE", "Spain", "Netherlands", "Belgium", "Switzerland", "Portugal"]
frame = pandas.read_csv(sys.argv[1], dtype={"InvoiceNo": str, "StockCode": str})
frame["InvoiceDate"] = pandas.to_datetime(frame["InvoiceDate"], format="%m/%d/%Y %H:%M")
DEEP = int(len(frame) * 0.9965) // 20 * 20 - 800
MIDDLE = len(frame) // 40 * 20


def selective(number):
    country = COUNTRIES[number % len(COUNTRIES)]
    return frame[(frame["Country"] == country) & (frame["Quantity"] >= 2 + number // len(COUNTRIES))]


def page(rows, offset=0):
    len(rows)
    return json.loads(rows.iloc[offset : offset + 20].to_json(orient="records", date_format="iso"))


def figures(values):
    return [values.count(), values.min(), values.max(), values.sum(), values.mean(), values.std()] + list(
        values.quantile([0.25, 0.5, 0.75])
    )


def by_group(rows):
    groups = rows.groupby("Country")["UnitPrice"]
    return groups.agg(["count", "min", "max", "sum", "mean", "std"]), groups.quantile([0.25, 0.5, 0.75])


def ordered(column, ascending=True):
    return frame.sort_values(column, ascending=ascending, kind="stable")


ASKED = {
    "filtered page": lambda n: page(selective(n)),
    "filtered page of many": lambda n: page(frame[(frame["Quantity"] >= n + 1) & (frame["UnitPrice"] > 0.5)]),
    "filtered deep page": lambda n: page(frame[frame["Quantity"] != 10_000 + n], DEEP),
    "deep page": lambda n: page(frame, DEEP + n * 20),
    "sorted page": lambda n: page(ordered("UnitPrice", False), n * 20),
    "sorted deep page": lambda n: page(ordered("UnitPrice"), DEEP + n * 20),
    "sorted middle page": lambda n: page(ordered("InvoiceDate"), MIDDLE + n * 20),
    "sorted by text, deep page": lambda n: page(ordered("Description"), DEEP + n * 20),
    "filtered stats": lambda n: figures(selective(n)["UnitPrice"]),
    "filtered stats by group": lambda n: by_group(frame[frame["Quantity"] > n]),
    "values": lambda n: frame[frame["Quantity"] > n]["Country"].value_counts().head(20),
}


def median(question):
    taken = []
    for number in range(WARM_UP + TIMES):
        start = time.perf_counter()
        question(number)
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken[WARM_UP:]), 2)


begin = time.perf_counter()
found = {name: median(question) for name, question in ASKED.items()}
print(json.dumps({"seconds": time.perf_counter() - begin, "questions": found}))
