import { html, type Html } from '@app/html';
import type { NoticeEntity } from '../notices/notice.entity.js';
import type { Migration, SegmentNews } from '../news/report-news.js';

interface MailContext {
  customer: string;
  /** Where the dashboard stands; without it mails hold no links. */
  publicUrl?: string;
}

/** What the tables of a mail are made of, where the notice's data has it. */
interface Shown {
  segments?: SegmentNews[];
  migration?: Migration | null;
}

const whole = new Intl.NumberFormat('en-US');
const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);

/** A notice as a mail: the same in plain text and in HTML, both with the segments where there are any. */
export function mailOf(
  notice: Pick<NoticeEntity, 'title' | 'text' | 'data' | 'reportId' | 'uploadId' | 'datasetId'>,
  { customer, publicUrl }: MailContext,
): { subject: string; text: string; html: string } {
  const { segments = [], migration = null } = notice.data as Shown;
  const path = pathOf(notice);
  const link = publicUrl === undefined || path === null ? null : `${publicUrl}${path}`;
  const closing = `You get this mail as a member of ${customer}. What you hear of, and how, is chosen in DataCore.`;
  const text = [
    notice.title,
    notice.text,
    ...(segments.length > 0 ? [segments.map(segmentText).join('\n\n')] : []),
    ...(migration === null ? [] : [migrationText(migration)]),
    ...(link === null ? [] : [link]),
    `-- \n${closing}`,
  ].join('\n\n');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${notice.title}</title>
      </head>
      <body style="font-family: sans-serif; max-width: 42em; color: #222">
        <h1 style="font-size: 1.3em">${notice.title}</h1>
        <p>${notice.text}</p>
        ${segments.length > 0 ? segmentTable(segments) : null}
        ${migration === null ? null : html`<p>${migrationText(migration)}</p>`}
        ${link === null ? null : html`<p><a href="${link}">Open in DataCore</a></p>`}
        <p style="color: #666; font-size: 0.85em">${closing}</p>
      </body>
    </html>`;
  return { subject: notice.title, text, html: page.text };
}

function pathOf({
  reportId,
  uploadId,
  datasetId,
}: Pick<NoticeEntity, 'reportId' | 'uploadId' | 'datasetId'>) {
  if (reportId !== null) return `/reports/${reportId}`;
  if (uploadId !== null) return `/uploads/${uploadId}`;
  return datasetId === null ? null : `/datasets/${datasetId}`;
}

const segmentText = ({ name, size, share, revenueShare, summary, action }: SegmentNews): string =>
  `${name}: ${whole.format(size)} shoppers (${percent(share)}), ${percent(revenueShare)} of revenue\n${summary}\n${action}`;

function migrationText({ moved, stayed, new: fresh, gone }: Migration): string {
  const counts = [moved, stayed, fresh, gone].map((count) => whole.format(count));
  return `Since the report before: ${counts[0]} shoppers moved to another segment, ${counts[1]} stayed, ${counts[2]} are new and ${counts[3]} are gone.`;
}

const CELL = 'padding: 0.3em 0.6em; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top';

const segmentTable = (segments: readonly SegmentNews[]): Html =>
  html`<table style="border-collapse: collapse">
    <thead>
      <tr>
        ${['Segment', 'Shoppers', 'Share', 'Revenue', 'What to do'].map(
          (heading) => html`<th style="${CELL}">${heading}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${segments.map(
        ({ name, size, share, revenueShare, summary, action }) =>
          html`<tr>
            <td style="${CELL}"><strong>${name}</strong><br />${summary}</td>
            <td style="${CELL}">${whole.format(size)}</td>
            <td style="${CELL}">${percent(share)}</td>
            <td style="${CELL}">${percent(revenueShare)}</td>
            <td style="${CELL}">${action}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
