import type { AmqpConnectionManager, AmqpConnectionManagerOptions } from 'amqp-connection-manager';

/** Noticing a dead peer takes at most two heartbeats; a lost broker is tried again every second. */
export const BROKER_CONNECTION = {
  heartbeatIntervalInSeconds: 5,
  reconnectTimeInSeconds: 1,
  connectionOptions: { timeout: 5000 },
} as const satisfies AmqpConnectionManagerOptions;

interface UnderlyingConnection {
  connection?: { close(): Promise<void> };
}

/**
 * Ends the connection, upon which the manager makes a new one a second later. Its own `reconnect()` takes the
 * error listeners off first, so that a peer which no longer answers would end the process.
 */
export function dropConnection(manager: AmqpConnectionManager): void {
  // Closing one that is already closed rejects, and is what was wanted.
  (manager as UnderlyingConnection).connection?.close().catch(() => undefined);
}
