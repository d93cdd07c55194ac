import ipaddr from 'ipaddr.js';

/** What is routed on the public internet (IANA: global unicast); everything else in IPv6 is for special purposes. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Special blocks inside it: documentation, the address of old benchmarks, ORCHIDv2, and a second documentation block. */
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);
/** Beyond what `range()` knows: protocol assignments, 6to4 relays, AS112, benchmarks and documentation. */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
].map((range) => ipaddr.IPv4.parseCIDR(range));

/** Whether an address, in the notation of the resolver, belongs to somebody on the public internet. What is none does not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) {
    return parsed.range() === 'unicast' && !SPECIAL_V4.some((range) => parsed.match(range));
  }
  // IPv4 inside IPv6, in whatever way, is outside of these or among the special ones.
  return parsed.match(GLOBAL_UNICAST) && !SPECIAL_V6.some((range) => parsed.match(range));
}
