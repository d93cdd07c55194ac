/** From least to most: each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'analyst', 'owner'] as const;

export type Role = (typeof ROLES)[number];

export const atLeast = (held: Role, needed: Role): boolean => ROLES.indexOf(held) >= ROLES.indexOf(needed);
