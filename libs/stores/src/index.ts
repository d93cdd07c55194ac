export * from './locale.js';
export * from './store.entity.js';
export * from './store.service.js';
export * from './stores.module.js';
