export * from './blob-naming.js';
export * from './blob-store.js';
export * from './file-system-blob-store.js';
export { BucketPlace } from './places/bucket-place.js';
export { FolderPlace } from './places/folder-place.js';
export * from './places/object-place.js';
export * from './places/places.js';
export { createS3Client } from './s3/s3-client.js';
export * from './storage.module.js';
