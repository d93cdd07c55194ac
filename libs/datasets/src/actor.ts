/** Who does something, for the audit and for `createdBy`. */
export interface Actor {
  userId: string;
  apiKeyId?: string;
}

/** The actor as an audit entry names it. */
export const auditedActor = ({ userId, apiKeyId }: Actor) => ({
  actorId: userId,
  ...(apiKeyId === undefined ? {} : { apiKeyId }),
});
