export * from './blob-naming.js';
export * from './blob-store.js';
export * from './file-system-blob-store.js';
export * from './storage.module.js';
