// k-means of ml-kmeans with ten starts for each k from 2 to 10: ml-kmeans.mjs <file> <columns>, as kmeans.py.
import { readFileSync } from 'node:fs';
import { kmeans } from 'ml-kmeans';

const [path, columns] = process.argv.slice(2);
const width = Number(columns);
const { buffer } = new Uint8Array(readFileSync(path));
const values = new Float64Array(buffer);
const rows = Array.from({ length: values.length / width }, (_, row) =>
  Array.from(values.subarray(row * width, (row + 1) * width)),
);
const before = process.cpuUsage();
const start = performance.now();
const inertias = [2, 3, 4, 5, 6, 7, 8, 9, 10].map((k) =>
  Math.min(
    ...Array.from({ length: 10 }, (_, seed) => {
      // Standardised columns have variance 1, so this is scikit-learn's tolerance.
      const { clusters, centroids } = kmeans(rows, k, { seed, tolerance: 1e-4, maxIterations: 300 });
      return rows.reduce(
        (sum, row, index) =>
          sum + row.reduce((own, value, at) => own + (value - centroids[clusters[index]][at]) ** 2, 0),
        0,
      );
    }),
  ),
);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, inertias }));
