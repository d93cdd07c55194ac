import { type Answer, answer, type ApiClient, ApiProblem, createApiClient } from '@app/api-client';

type SignedIn = Answer<'/api/v1/auth/login', 'post'>;
export type SessionUser = SignedIn['user'];

/** Says that there may be a session, and nothing of it: without it, visitors need not ask for one in vain. */
const MARK = 'datacore-signed-in';

/** A token this close to its end is renewed before it is used. */
const EARLY_MS = 20_000;

/**
 * Who is signed in. The access token lives in memory alone; what outlives a reload is an HttpOnly cookie,
 * with which the api gives a new one.
 */
export class Session {
  /** For everything that needs the signed-in user: sends the token and renews it when it has ended. */
  readonly api: ApiClient;
  private readonly open = createApiClient({ baseUrl: '', fetch: (request) => fetch(request) });
  private token: { value: string; until: number } | undefined;
  private renewal: Promise<SessionUser | undefined> | undefined;

  /** @param onEnd called when the api no longer accepts the session */
  constructor(private readonly onEnd: () => void) {
    this.api = createApiClient({ baseUrl: '', fetch: (request) => this.send(request) });
  }

  async signIn(email: string, password: string): Promise<SessionUser> {
    return this.keep(await answer(this.open.POST('/api/v1/auth/login', { body: { email, password } })));
  }

  /** Whether everybody may make an account here. */
  async maySignUp(): Promise<boolean> {
    return (await answer(this.open.GET('/api/v1/auth/registration', {}))).allowed;
  }

  async register(name: string, email: string, password: string): Promise<SessionUser> {
    await answer(this.open.POST('/api/v1/auth/register', { body: { name, email, password } }));
    return this.signIn(email, password);
  }

  /** Leaves, also where the api cannot be told: then the cookie ends by itself, and nothing here makes use of it. */
  async signOut(): Promise<void> {
    this.forget();
    await this.open.POST('/api/v1/auth/logout', { body: {} }).catch(() => undefined);
  }

  /** Ends this session and all others of the user. */
  async signOutEverywhere(): Promise<void> {
    await answer(this.api.DELETE('/api/v1/users/me/sessions', {}));
    this.forget();
  }

  /**
   * The user of the cookie's session, undefined where there is none. Calls at the same time share one request.
   * @throws ApiProblem, TypeError where the api cannot tell just now
   */
  renew(): Promise<SessionUser | undefined> {
    if (localStorage.getItem(MARK) === null) return Promise.resolve(undefined);
    this.renewal ??= this.requestRenewal().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  /** An access token that is good for a while. */
  async accessToken(): Promise<string | undefined> {
    if (this.token === undefined || this.token.until < Date.now()) await this.renew();
    return this.token?.value;
  }

  private async requestRenewal(): Promise<SessionUser | undefined> {
    // A refresh token is good for one use, so the tabs of a browser take turns.
    return navigator.locks.request('datacore-session', async () => {
      const { data, error, response } = await this.open.POST('/api/v1/auth/refresh', { body: {} });
      if (data !== undefined) return this.keep(data);
      if (response.status !== 401 && response.status !== 403) throw new ApiProblem(response, error);
      this.forget();
      return undefined;
    });
  }

  private keep({ accessToken, expiresIn, user }: SignedIn): SessionUser {
    this.token = { value: accessToken, until: Date.now() + expiresIn * 1000 - EARLY_MS };
    localStorage.setItem(MARK, 'yes');
    return user;
  }

  private forget(): void {
    this.token = undefined;
    localStorage.removeItem(MARK);
  }

  private async send(request: Request): Promise<Response> {
    const again = request.clone();
    const response = await fetch(await this.authorized(request));
    if (response.status !== 401) return response;
    this.token = undefined;
    if ((await this.renew()) === undefined) {
      this.onEnd();
      return response;
    }
    return fetch(await this.authorized(again));
  }

  private async authorized(request: Request): Promise<Request> {
    const token = await this.accessToken();
    if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  }
}
