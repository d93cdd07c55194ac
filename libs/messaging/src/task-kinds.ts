/** Kinds of asynchronous work. Each has a queue of the same name, so that workers can be told which they take. */
export const TASK_KINDS = [
  'ingest',
  'segmentation',
  'profile',
  'anomalies',
  'sync',
  'delivery',
  'export',
] as const;

export type TaskKind = (typeof TASK_KINDS)[number];

export const isTaskKind = (name: string): name is TaskKind =>
  (TASK_KINDS as readonly string[]).includes(name);
