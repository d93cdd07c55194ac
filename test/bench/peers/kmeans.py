"""k-means of scikit-learn with ten starts for each k from 2 to 10.

kmeans.py <file> <columns>, the file being rows of little-endian doubles; prints {"seconds", "cpuSeconds", "inertias"} without the
time of loading the libraries and the points.
"""
import json
import sys
import time

import numpy
from sklearn.cluster import KMeans

path, columns = sys.argv[1:]
points = numpy.fromfile(path, "<f8").reshape(-1, int(columns))
start = time.perf_counter()
before = time.process_time()
inertias = [KMeans(n_clusters=k, n_init=10, random_state=0).fit(points).inertia_ for k in range(2, 11)]
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - start,
            "cpuSeconds": round(time.process_time() - before, 3),
            "inertias": inertias,
        }
    )
)
