import { once } from 'node:events';
import net from 'node:net';

type Fault =
  | { kind: 'none' }
  /** Every piece comes later. */
  | { kind: 'latency'; milliseconds: number }
  /** Connections stay open, and nothing passes: no end, no reset. */
  | { kind: 'black-hole' }
  /** What the client sends passes, the answers do not. */
  | { kind: 'half-open' };

/** A TCP proxy in front of a service, which misbehaves as networks do. */
export class FaultProxy {
  private fault: Fault = { kind: 'none' };
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly server: net.Server,
    private readonly target: URL,
  ) {}

  /** In front of the service that `url` names. */
  static async before(url: string): Promise<FaultProxy> {
    const server = net.createServer();
    const proxy = new FaultProxy(server, new URL(url));
    server.on('connection', (client) => proxy.join(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The same URL, through this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as net.AddressInfo).port);
    return url.href;
  }

  set(fault: Fault): void {
    this.fault = fault;
  }

  /** Resets every connection there is. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: net.Socket): void {
    const service = net.connect(Number(this.target.port), this.target.hostname);
    for (const [from, to, answers] of [
      [client, service, false],
      [service, client, true],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (piece) => this.pass(piece, to, answers));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        if (this.fault.kind !== 'black-hole') to.destroy();
      });
    }
  }

  private pass(piece: Buffer, to: net.Socket, isAnswer: boolean): void {
    const { fault } = this;
    if (fault.kind === 'black-hole' || (fault.kind === 'half-open' && isAnswer)) return;
    const write = (): void => void (to.writable && to.write(piece));
    if (fault.kind === 'latency') setTimeout(write, fault.milliseconds);
    else write();
  }
}
