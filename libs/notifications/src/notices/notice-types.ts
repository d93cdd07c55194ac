/** How somebody hears of a notice. `inApp` is the list of notifications, and the stream of events with it. */
export const CHANNELS = ['inApp', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What people and programs can be told of, and by which channels they are where nobody has chosen. */
export const NOTICE_TYPES = {
  'upload.ready': ['inApp'],
  'upload.failed': ['inApp', 'email'],
  'report.ready': ['inApp', 'email'],
  'report.failed': ['inApp', 'email'],
  'report.scheduled': ['inApp', 'email'],
  'segments.moved': ['inApp'],
  'source.failed': ['inApp', 'email'],
  'export.ready': ['inApp'],
  'export.failed': ['inApp', 'email'],
  'webhook.disabled': ['inApp', 'email'],
} as const satisfies Record<string, readonly Channel[]>;

export type NoticeType = keyof typeof NOTICE_TYPES;

export const NOTICE_TYPE_NAMES = Object.keys(NOTICE_TYPES) as [NoticeType, ...NoticeType[]];

/** Sent to one webhook at somebody's wish; nobody else is told. */
export const TEST_TYPE = 'webhook.test';
