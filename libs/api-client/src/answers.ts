import type { paths } from './schema.js';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Json<Responses, Status> = Status extends keyof Responses
  ? Responses[Status] extends { content: { 'application/json': infer Body } }
    ? Body
    : never
  : never;

/** The body of a successful answer of one operation. */
export type Answer<Path extends keyof paths, Name extends Method = 'get'> = paths[Path][Name] extends {
  responses: infer Responses;
}
  ? Json<Responses, 200 | 201 | 202>
  : never;

export type Customer = Answer<'/api/v1/customers/{customerId}'>;
export type Store = Answer<'/api/v1/customers/{customerId}/stores/{storeId}'>;
export type User = Answer<'/api/v1/users/{userId}'>;
export type Member = Answer<'/api/v1/customers/{customerId}/members'>['results'][number];
export type ApiKey = Answer<'/api/v1/api-keys'>['results'][number];
export type Dataset = Answer<'/api/v1/datasets/{datasetId}'>;
export type Upload = Answer<'/api/v1/uploads/{uploadId}'>;
export type Task = Answer<'/api/v1/tasks/{taskId}'>;
export type Report = Answer<'/api/v1/reports/{reportId}'>;
export type ReportSummary = Answer<'/api/v1/reports'>['results'][number];
export type Segment = Report['segments'][number];
export type Comparison = Answer<'/api/v1/reports/{reportId}/compare/{otherId}'>;
export type DatasetProfile = Answer<'/api/v1/datasets/{datasetId}/profile'>;
