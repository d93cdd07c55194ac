export * from './customer.entity.js';
export * from './customers.module.js';
export * from './member.entity.js';
export * from './membership.service.js';
export * from './role.js';
