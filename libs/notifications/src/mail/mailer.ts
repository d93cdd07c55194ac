import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { createTransport, type Transporter } from 'nodemailer';

export interface OutgoingMail {
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  /** Names the mail, in every attempt alike, so that receivers can tell a repetition. */
  id: string;
}

const TIMEOUT_MS = 15_000;

/** Hands mails to the SMTP server of the settings. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter | undefined;
  private readonly from: string;

  constructor(@Inject(SETTINGS) { mail }: Settings) {
    this.from = mail.from;
    if (mail.smtpUrl === undefined) return;
    this.transport = createTransport({
      url: mail.smtpUrl,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /** Without a server no mail is ordered at all. */
  get isConfigured(): boolean {
    return this.transport !== undefined;
  }

  /** Resolves once the server has taken the mail. @throws what the server or the line to it answered */
  async send({ id, to, subject, text, html }: OutgoingMail): Promise<void> {
    if (this.transport === undefined) throw new Error('No SMTP server is configured.');
    const domain = /@([^>\s]+)>?\s*$/.exec(this.from)?.[1] ?? 'datacore';
    await this.transport.sendMail({
      from: this.from,
      to,
      subject,
      text,
      html,
      messageId: `<${id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  }

  /** @throws where the server does not answer */
  async ping(): Promise<void> {
    await this.transport?.verify();
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}
