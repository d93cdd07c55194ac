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
export type ReportRequest = Omit<
  paths['/api/v1/reports']['post']['requestBody']['content']['application/json'],
  'customerId'
>;
export type ReportSchedule = Answer<'/api/v1/report-schedules'>['results'][number];
export type Report = Answer<'/api/v1/reports/{reportId}'>;
export type ReportSummary = Answer<'/api/v1/reports'>['results'][number];
export type Segment = Report['segments'][number];
export type Comparison = Answer<'/api/v1/reports/{reportId}/compare/{otherId}'>;
export type DatasetProfile = Answer<'/api/v1/datasets/{datasetId}/profile'>;
export type SystemOverview = Answer<'/api/v1/admin/overview'>;
export type DeadLetter = Answer<'/api/v1/admin/dead-letters'>['results'][number];
export type AuditEntry = Answer<'/api/v1/admin/audit'>['results'][number];
export type Trial =
  paths['/api/v1/datasets/{datasetId}/uploads']['post']['responses'][200]['content']['application/json'];
export type DatasetLink = Answer<'/api/v1/links'>['results'][number];
export type DatasetStats = Answer<'/api/v1/datasets/{datasetId}/stats'>;
export type Notification = Answer<'/api/v1/notifications'>['results'][number];
export type NotificationChoices = Answer<'/api/v1/customers/{customerId}/notification-choices'>;
export type Webhook = Answer<'/api/v1/webhooks'>['results'][number];
export type Delivery = Answer<'/api/v1/webhooks/{webhookId}/deliveries'>['results'][number];
export type Source = Answer<'/api/v1/sources'>['results'][number];
export type SourceRun = Answer<'/api/v1/sources/{sourceId}/runs'>['results'][number];
