"""A CSV file into MongoDB as pandas and pymongo do it: one document a row.

insert_rows.py <file> <url of MongoDB>; prints {"seconds", "cpuSeconds", "rows"} without the time of loading the libraries.
"""
import json
import sys
import time

import pandas
import pymongo

BATCH = 10_000
path, url = sys.argv[1:]
client = pymongo.MongoClient(url)
collection = client["bench_pandas"]["rows"]
collection.drop()

start = time.perf_counter()
before = time.process_time()
# Both columns hold digits in nearly all rows; read as numbers they would lose the rest. Dates stay text: that is faster.
frame = pandas.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str})
for first in range(0, len(frame), BATCH):
    collection.insert_many(frame.iloc[first : first + BATCH].to_dict("records"), ordered=False)
seconds = time.perf_counter() - start
cpu_seconds = round(time.process_time() - before, 2)

rows = collection.estimated_document_count()
client.drop_database("bench_pandas")
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "rows": rows}))
