import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

const PORTS = ['', '443', '8443'];
/** Names that are never somebody's on the public internet (RFC 6761, 6762, 8375 and common use). */
const INTERNAL_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|arpa|test|invalid|onion)$/;

/**
 * What is wrong with an address that results shall be sent to; null where nothing is. The parser has already turned every
 * spelling of an IPv4 address (octal, hexadecimal, one number, full-width digits) into the usual one.
 * @param allowPrivate for development: http, any port and any host
 */
export function faultOf(url: URL, allowPrivate: boolean): string | null {
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (allowPrivate) return ['http:', 'https:'].includes(url.protocol) ? null : 'must begin with https://';
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (!PORTS.includes(url.port)) return 'must use port 443 or 8443';
  const host = hostOf(url);
  if (isIP(host) !== 0)
    return isPublicAddress(host) ? null : 'must not lead to a private or reserved address';
  if (!host.includes('.') || INTERNAL_NAME.test(host)) return 'must name a host on the public internet';
  return null;
}

/** The host without the brackets of IPv6 and without the dot of the root. */
export const hostOf = (url: URL): string => url.hostname.replaceAll(/^\[|\]$/g, '').replace(/\.+$/, '');
