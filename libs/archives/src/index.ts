export * from './archive-limits.js';
export * from './entry-kind.js';
export * from './read-archive.js';
