/** A kind of shopper by how lately (1 = latest) and how much (1 = most) the others of the same report buy. */
export interface Archetype {
  label: string;
  recent: number;
  valuable: number;
  action: string;
}

export const ARCHETYPES: readonly Archetype[] = [
  {
    label: 'Champions',
    recent: 1,
    valuable: 1,
    action: 'Thank and reward them: early access, a personal contact; ask them to recommend you.',
  },
  {
    label: 'Loyal regulars',
    recent: 0.85,
    valuable: 0.72,
    action: 'Offer a loyalty programme and products that go with what they already buy.',
  },
  {
    label: 'Promising',
    recent: 0.85,
    valuable: 0.42,
    action: 'Make the next order easy: recommendations from their last basket and a small advantage for it.',
  },
  {
    label: 'New shoppers',
    recent: 1,
    valuable: 0.08,
    action: 'Welcome them and win the second order within weeks: a first-steps mail and a voucher.',
  },
  {
    label: 'Need attention',
    recent: 0.55,
    valuable: 0.55,
    action: 'Remind them now with a limited offer on what they liked, before the habit is gone.',
  },
  {
    label: 'Occasional shoppers',
    recent: 0.55,
    valuable: 0.2,
    action: 'Invite them at the occasions they buy for: seasons, holidays, new collections.',
  },
  {
    label: 'Slipping big spenders',
    recent: 0.35,
    valuable: 0.82,
    action: 'Call or write personally, ask what is missing and make them an offer worth their past orders.',
  },
  {
    label: 'Lost champions',
    recent: 0.05,
    valuable: 0.95,
    action: 'Win them back one by one: find out why they left; they were worth more than most.',
  },
  {
    label: 'At risk',
    recent: 0.25,
    valuable: 0.5,
    action:
      'Send a win-back campaign with a strong reason to return; show what is new since their last order.',
  },
  {
    label: 'Fading occasional shoppers',
    recent: 0.3,
    valuable: 0.15,
    action: 'Try one cheap reminder by mail; spend no more on them if it brings nothing.',
  },
  {
    label: 'Dormant',
    recent: 0,
    valuable: 0.3,
    action: 'Wake them with a seasonal offer once or twice a year.',
  },
  {
    label: 'Lost one-timers',
    recent: 0,
    valuable: 0,
    action: 'Leave them out of paid campaigns; learn why one order was enough for them.',
  },
];
