import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '@app/problems';
import { DownloadTickets } from '@app/users';
import { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../access/index.js';
import { text } from '../http/text.js';
import { DOWNLOADS } from './redeem-download.js';

const downloadBody = z.strictObject({
  path: text(8000).refine(isApiPath, 'a path of this api, from /api/v1/ on'),
});
type DownloadBody = z.infer<typeof downloadBody>;

const downloadResponse = z.object({ url: z.string() });
type DownloadResponse = z.infer<typeof downloadResponse>;

@ApiTags('Downloads')
@Controller('downloads')
export class DownloadsController {
  constructor(private readonly tickets: DownloadTickets) {}

  /**
   * An address with which a browser can save what GET answers at `path`, without a token in it.
   * It is good once, for a minute, and only for what its maker may see.
   */
  @Post()
  @HttpCode(200)
  @Access({ signedIn: true, usersOnly: true })
  @ApiOkResponse({ standardSchema: downloadResponse })
  async create(
    @Body({ schema: downloadBody }) { path }: DownloadBody,
    @CurrentPrincipal() { userId, sessionId }: Principal,
  ): Promise<DownloadResponse> {
    if (sessionId === undefined) throw new Problem('permission_denied', 'This needs a session.');
    return { url: `${DOWNLOADS}${await this.tickets.issue(userId, sessionId, path)}` };
  }
}

/** The same host, below the prefix, and not itself a download. */
function isApiPath(path: string): boolean {
  const base = 'http://host';
  if (!path.startsWith('/api/v1/') || !URL.canParse(path, base)) return false;
  const url = new URL(path, base);
  return (
    url.origin === base &&
    url.pathname.startsWith('/api/v1/') &&
    !url.pathname.startsWith('/api/v1/downloads')
  );
}
