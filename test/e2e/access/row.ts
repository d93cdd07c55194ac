import type { System, Tenant } from '../harness/index.js';

/** Two tenants and what there is in the first: everything a route may be asked for. */
export interface World {
  system: System;
  tenant: Tenant;
  stranger: Tenant;
  /** Ids of what the first tenant has. */
  data: {
    datasetId: string;
    uploadId: string;
    taskId: string;
    reportId: string;
    shopperId: string;
    sourceId: string;
    linkId: string;
  };
}

/** Who may call an operation: everybody, everybody signed in, a role at the customer concerned, or administrators. */
export type Needs = 'public' | 'signedIn' | 'viewer' | 'analyst' | 'owner' | 'administrator';

export interface MatrixCall {
  /** Values of the path's parameters. */
  params?: Record<string, string>;
  /** With the question mark. */
  query?: string;
  body?: unknown;
}

/** What is demanded of one operation. An operation with several ways to be asked has several rows. */
export interface Row {
  needs: Needs;
  /** The answer to those who may. */
  status: number;
  /** Not with an API key. */
  usersOnly?: true;
  /** Made anew for each call, so that a deletion has something to delete each time. */
  call?: (world: World) => MatrixCall | Promise<MatrixCall>;
}

export type Rows = Record<string, Row | Row[]>;
