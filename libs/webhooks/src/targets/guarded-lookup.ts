import { lookup as resolve } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** The name leads to an address that nothing may be sent to. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';

  constructor() {
    super('The host leads to a private or reserved address.');
  }
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name for a connection, and lets only public addresses through. The connection is made to the very addresses
 * that were looked at, so that a name which leads elsewhere the next time (DNS rebinding) gains nothing. One forbidden address
 * among several refuses all.
 */
export function guardedLookup(resolveAll: Resolve = resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolveAll(
      hostname,
      { all: true, ...(options.family !== undefined && { family: options.family }) },
      (error, addresses) => {
        if (error !== null) return callback(error, '');
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
          return callback(new ForbiddenAddress(), '');
        }
        if (options.all === true) return callback(null, addresses);
        return callback(null, first.address, first.family);
      },
    );
  };
}
