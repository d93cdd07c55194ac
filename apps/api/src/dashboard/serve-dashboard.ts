import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** Where the build puts it, beside this app: dist/apps/dashboard. */
const FILES = fileURLToPath(new URL('../../../dashboard/', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../dashboard/index.html', import.meta.url));
const NONCE_PLACE = '%CSP_NONCE%';
/** Addresses that are not the page's, whatever a browser asks for there. */
const OTHERS = /^\/(?:api|health|metrics|assets)(?:\/|$)/;
const A_YEAR_SECONDS = 31_536_000;

/** The dashboard at `/`: its files, and its page at every address it may have put into the browser's bar. */
export function serveDashboard(app: NestExpressApplication): void {
  if (!existsSync(PAGE)) return;
  app.useStaticAssets(FILES, {
    index: false,
    setHeaders: (response: Response, file: string) => {
      // The names of these tell their content.
      const isNamedByContent = file.startsWith(`${FILES}assets`);
      response.setHeader(
        'Cache-Control',
        isNamedByContent ? `public, max-age=${A_YEAR_SECONDS}, immutable` : 'no-cache',
      );
    },
  });
  app.use(page(readFileSync(PAGE, 'utf8')));
}

/** Styles of the component library are let through by a value that is new each time; scripts are files of ours. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

function page(html: string) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !OTHERS.test(request.path) &&
      (request.path === '/' || request.accepts(['json', 'html']) === 'html');
    if (!isPage) {
      next();
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    response.setHeader('Content-Security-Policy', policy(nonce));
    response.setHeader('Cache-Control', 'no-store');
    response.type('html').send(html.replaceAll(NONCE_PLACE, nonce));
  };
}
