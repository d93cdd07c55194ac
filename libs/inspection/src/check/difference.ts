/** What a difference means for whoever runs the system. */
const REMEDIES = {
  blob_missing: 'Bring the file back from a backup, or undo the upload and send the file again.',
  blob_size: 'The file is not the one that was accepted: bring it back from a backup.',
  blob_damaged: 'The bytes are not those of its name: bring the file back from a backup.',
  blob_unused: 'Nothing names it; the sweep removes it. If it does not go, no worker runs.',
  frame_missing: 'Read the upload again (POST /uploads/{id}/reprocess), or make the report again.',
  frame_differs: 'Read the upload again (POST /uploads/{id}/reprocess), or make the report again.',
  frame_damaged: 'Read the upload again (POST /uploads/{id}/reprocess), or make the report again.',
  frames_unused: 'Nobody needs them; the sweep removes them. If they do not go, no worker runs.',
  upload_stuck: 'Its task has ended without it: retry the task, or remove the upload and send it again.',
  upload_unread: 'It is called ready but has no reading: read it again (POST /uploads/{id}/reprocess).',
  report_stuck: 'Its task has ended without it: delete the report and ask for it again.',
  report_without_members: 'Delete the report and ask for it again.',
  visible_set_wrong: 'The dataset does not show the fold of its uploads: read its last upload again.',
  task_abandoned: 'Its worker is gone and no other took over: start workers.',
  task_not_announced: 'No message tells a worker of it: start workers, which announce it again.',
  outbox_stuck: 'It cannot be sent: see that the broker is up and the api reaches it.',
  queue_unreachable: 'The broker does not answer, so queues could not be compared.',
  answer_foreign: 'Empty the cache: a kept answer stands under a customer whose data it is not.',
  answer_wrong: 'Empty the cache: a kept answer is not what the data says.',
  audit_changed: 'Somebody changed the audit past its triggers: compare with a backup.',
  audit_missing: 'Somebody removed from the audit past its triggers: compare with a backup.',
  audit_unsealed: 'It was added afterwards, or no api process runs that seals.',
} as const;

export type DifferenceKind = keyof typeof REMEDIES;
export const DIFFERENCE_KINDS = Object.keys(REMEDIES) as [DifferenceKind, ...DifferenceKind[]];

/** One place where the stores do not agree. */
export interface Difference {
  kind: DifferenceKind;
  /** Of what differs: a row's id, a blob's hash, a frame's id. */
  id: string;
  /** What is seen. */
  detail: string;
  /** What to do about it. */
  remedy: string;
}

export const difference = (kind: DifferenceKind, id: string, detail: string): Difference => ({
  kind,
  id,
  detail,
  remedy: REMEDIES[kind],
});

/** One part of a check: what it looked at, and where that differs. */
export interface Finding {
  /** How many things were compared, by their name in plural. */
  compared: Record<string, number>;
  differences: Difference[];
}
