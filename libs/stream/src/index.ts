export * from './stream-journal.js';
export * from './stream.module.js';
