export * from './webhook.entity.js';
export * from './webhook.service.js';
export * from './webhooks.module.js';
