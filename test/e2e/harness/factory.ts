import { randomBytes } from 'node:crypto';
import type { Answer, ApiClient, JsonBody } from './api-client.js';

export interface SignedInUser {
  id: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  /** The api, as this user. */
  api: ApiClient;
}

export interface Tenant {
  customerId: string;
  storeId: string;
  owner: SignedInUser;
  analyst: SignedInUser;
  viewer: SignedInUser;
}

/** Something unlike everything else in this run. */
export const unique = (prefix: string): string => `${prefix}-${randomBytes(5).toString('hex')}`;

export function expectStatus(answer: Answer, status: number): JsonBody {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** Makes users, customers and stores through the api, as an administrator would. */
export class Factory {
  constructor(
    private readonly anonymous: ApiClient,
    private readonly administrator: ApiClient,
  ) {}

  async signIn(email: string, password: string): Promise<SignedInUser> {
    const body = expectStatus(await this.anonymous.post('/auth/login', { email, password }), 200);
    return {
      id: body.user.id,
      email,
      password,
      accessToken: body.accessToken,
      refreshToken: body.refreshToken,
      api: this.anonymous.as(body.accessToken),
    };
  }

  async user(name = 'user'): Promise<SignedInUser> {
    const email = `${unique(name)}@example.com`;
    const password = unique('password');
    expectStatus(await this.administrator.post('/users', { email, password, name }), 201);
    return this.signIn(email, password);
  }

  /** A customer with a store and one member of each role. */
  async tenant(name = 'customer'): Promise<Tenant> {
    const owner = await this.user('owner');
    const customerId = expectStatus(await owner.api.post('/customers', { name: unique(name) }), 201)
      .id as string;
    const members = { analyst: await this.user('analyst'), viewer: await this.user('viewer') };
    for (const [role, user] of Object.entries(members)) {
      const path = `/customers/${customerId}/members`;
      expectStatus(await owner.api.post(path, { userId: user.id, role }), 201);
    }
    const store = await owner.api.post(`/customers/${customerId}/stores`, { name: unique('store') });
    return { customerId, storeId: expectStatus(store, 201).id, owner, ...members };
  }
}
