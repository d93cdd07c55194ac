export * from './answers.js';
export { answer, type ApiClient, type ApiClientOptions, createApiClient } from './api-client.js';
export { ApiProblem } from './api-problem.js';
export { readEvents, type StreamEvent } from './events.js';
export type { paths } from './schema.js';
export { followTask, waitForTask } from './tasks.js';
export { type NewDatasetFile, uploadDataset } from './uploads.js';
