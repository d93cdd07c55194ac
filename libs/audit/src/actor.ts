/** Who is behind a change; spread into an audit record. */
export interface Actor {
  actorId?: string;
  apiKeyId?: string;
}
