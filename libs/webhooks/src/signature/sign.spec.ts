import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSecret, signedHeaders } from './sign.js';

const BODY = JSON.stringify({ type: 'report.ready', data: { name: 'Zoë' } });

describe('signatures', () => {
  it('are those that the reference implementation verifies', () => {
    const secret = newSecret();
    const headers = signedHeaders([secret], { id: 'msg_1', at: new Date(), body: BODY });
    expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(secret).verify(`${BODY} `, headers)).toThrow('No matching signature found');
    expect(() => new Webhook(newSecret()).verify(BODY, headers)).toThrow('No matching signature found');
    expect(() => new Webhook(secret).verify(BODY, { ...headers, 'webhook-id': 'msg_2' })).toThrow(
      'No matching signature found',
    );
  });

  it('are made with both secrets while one takes the place of the other', () => {
    const secrets = [newSecret(), newSecret()];
    const headers = signedHeaders(secrets, { id: 'msg_1', at: new Date(), body: BODY });
    for (const secret of secrets) expect(new Webhook(secret).verify(BODY, headers)).toBeTruthy();
  });

  it('are too old after five minutes', () => {
    const secret = newSecret();
    const at = new Date(Date.now() - 6 * 60 * 1000);
    const headers = signedHeaders([secret], { id: 'msg_1', at, body: BODY });
    expect(() => new Webhook(secret).verify(BODY, headers)).toThrow(/too old/);
  });
});
