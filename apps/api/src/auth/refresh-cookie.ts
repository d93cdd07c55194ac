import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { Problem } from '@app/problems';
import type { CookieOptions, Request, Response } from 'express';

/** The browser's copy of the refresh token: out of reach of scripts, and never sent along from another site. */
@Injectable()
export class RefreshCookie {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  set(request: Request, response: Response, refreshToken: string): void {
    response.cookie(this.nameFor(request), refreshToken, {
      ...this.optionsFor(request),
      maxAge: this.settings.accounts.refreshTokenSeconds * 1000,
    });
  }

  clear(request: Request, response: Response): void {
    response.clearCookie(this.nameFor(request), this.optionsFor(request));
  }

  /**
   * The token in the cookie, undefined where there is none.
   * @throws Problem permission_denied where a page of another origin makes the browser send it
   */
  read(request: Request, cookies: Record<string, string | undefined>): string | undefined {
    const token = cookies[this.nameFor(request)];
    if (token !== undefined) this.requireOwnOrigin(request);
    return token;
  }

  /** SameSite lets sister hosts through; browsers tell by these two headers whose page it is. */
  private requireOwnOrigin(request: Request): void {
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const isKnown = origin !== undefined && this.settings.api.allowedOrigins.includes(origin);
    const isForeign =
      (origin !== undefined && !this.isOwn(origin, request)) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    if (isForeign && !isKnown) {
      throw new Problem('permission_denied', 'This page may not use the session of another one.');
    }
  }

  private isOwn(origin: string, request: Request): boolean {
    const { publicUrl } = this.settings.api;
    const host = hostOf(origin);
    return host !== undefined && (host === request.headers.host || host === hostOf(publicUrl));
  }

  /** Browsers hold a cookie of this prefix to Secure, to Path=/ and to this very host. */
  private nameFor(request: Request): string {
    return this.isSecure(request) ? '__Host-refresh' : 'refresh';
  }

  private optionsFor(request: Request): CookieOptions {
    const secure = this.isSecure(request);
    return { httpOnly: true, sameSite: 'strict', secure, path: secure ? '/' : '/api/v1/auth' };
  }

  private isSecure(request: Request): boolean {
    return request.secure || this.settings.api.publicUrl?.startsWith('https:') === true;
  }
}

const hostOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
