export { kmeans, kmeansRange } from './kmeans.js';
export type { KMeansOptions, KMeansProgress, KMeansResult } from './types.js';
