export * from './backup.js';
export * from './backup.module.js';
export { BackupError, type BackupManifest } from './manifest.js';
export * from './restore.js';
