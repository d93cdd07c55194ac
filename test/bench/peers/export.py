"""Online Retail from a pandas frame in memory into a CSV file that is thrown away.

export.py <csv file>; prints {"seconds", "megabytes"}: the median of three, without the time of reading.
"""
import json
import os
import statistics
import sys
import tempfile
import time

import pandas

frame = pandas.read_csv(sys.argv[1], dtype={"InvoiceNo": str, "StockCode": str})
frame["InvoiceDate"] = pandas.to_datetime(frame["InvoiceDate"], format="%m/%d/%Y %H:%M")
taken = []
with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, "rows.csv")
    for _ in range(3):
        start = time.perf_counter()
        frame.to_csv(path, index=False)
        taken.append(time.perf_counter() - start)
    megabytes = os.path.getsize(path) / 1024**2
print(json.dumps({"seconds": statistics.median(taken), "megabytes": megabytes}))
