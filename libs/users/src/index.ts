export * from './access-token.js';
export * from './administrator.service.js';
export * from './authentication.service.js';
export * from './password-policy.js';
export * from './session.service.js';
export * from './user.entity.js';
export * from './user.service.js';
export * from './users.module.js';
