"""Segments of shoppers as pandas and scikit-learn make them, with the definitions of the report.

report.py <file>; prints {"seconds", "cpuSeconds", "steps", "shoppers", "rows", "k", "silhouette"} without the time of loading the
libraries.
"""
import json
import sys
import time

import numpy
import pandas
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

(path,) = sys.argv[1:]
start = time.perf_counter()
before = time.process_time()
steps = {}


def step(name):
    steps[name] = round(time.perf_counter() - start - sum(steps.values()), 3)


frame = pandas.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": str})
step("read")
frame["InvoiceDate"] = pandas.to_datetime(frame["InvoiceDate"], format="%m/%d/%Y %H:%M")
snapshot = frame["InvoiceDate"].max() + pandas.Timedelta(days=1)
clean = frame[
    frame["CustomerID"].notna()
    & ~frame["InvoiceNo"].str.match(r"C\d")
    & (frame["Quantity"] > 0)
    & (frame["UnitPrice"] > 0)
]
clean = clean.assign(amount=clean["Quantity"] * clean["UnitPrice"])
step("clean")
rfm = clean.groupby("CustomerID").agg(
    last=("InvoiceDate", "max"), frequency=("InvoiceNo", "nunique"), monetary=("amount", "sum")
)
rfm["recency"] = (snapshot - rfm.pop("last")).dt.days
values = StandardScaler().fit_transform(numpy.log1p(rfm[["recency", "frequency", "monetary"]]))
step("features")
silhouettes, models = {}, {}
for k in range(2, 11):
    models[k] = KMeans(n_clusters=k, n_init=10, random_state=0).fit(values)
    silhouettes[k] = silhouette_score(values, models[k].labels_)
step("cluster")
best = max(range(3, 11), key=silhouettes.get)
rfm["segment"] = models[best].labels_
rfm.groupby("segment").agg(["count", "mean", "median"])
step("segments")
seconds = time.perf_counter() - start
cpu_seconds = round(time.process_time() - before, 2)
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpuSeconds": cpu_seconds,
            "steps": steps,
            "shoppers": len(rfm),
            "rows": len(clean),
            "k": best,
            "silhouette": round(float(silhouettes[best]), 6),
        }
    )
)
