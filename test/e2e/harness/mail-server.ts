import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** An SMTP server that keeps what it is given. */
export class MailServer {
  private readonly mails: { to: string[]; mail: Email }[] = [];
  private refusals = 0;

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<MailServer> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (started.refusals > 0) {
            started.refusals -= 1;
            callback(Object.assign(new Error('Try again later'), { responseCode: 451 }));
            return;
          }
          void started.keep(Buffer.concat(chunks), session.envelope.rcptTo, callback);
        });
      },
    });
    const started = new MailServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Mails that it took, each as often as it came. */
  get count(): number {
    return this.mails.length;
  }

  get messageIds(): Set<string> {
    return new Set(this.mails.map(({ mail }) => mail.messageId ?? ''));
  }

  to(address: string): Email[] {
    return this.mails.filter(({ to }) => to.includes(address)).map(({ mail }) => mail);
  }

  /** Turns so many of the next mails away for now. */
  refuse(count: number): void {
    this.refusals = count;
  }

  private async keep(
    content: Buffer,
    recipients: { address: string }[],
    done: (error: Error | null) => void,
  ): Promise<void> {
    try {
      const mail = await PostalMime.parse(content);
      this.mails.push({ to: recipients.map(({ address }) => address), mail });
      done(null);
    } catch (error) {
      done(error as Error);
    }
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
