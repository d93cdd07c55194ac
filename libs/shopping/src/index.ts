export * from './roles/role.js';
export * from './roles/propose-roles.js';
export * from './roles/decide-kind.js';
