/** A kind of shopper, by where its typical segment stands and what such shoppers have in common. */
export interface Archetype {
  label: string;
  /** 1 = in the middle of their rhythm, 0 = long out of it. */
  recent: number;
  /** 1 = orders and money of the best of the report, 0 = of the least. */
  valuable: number;
  /** The name promises it: `once` = most ordered a single time, `often` = most came back. */
  orders?: 'once' | 'often';
  action: string;
}

export const ARCHETYPES: readonly Archetype[] = [
  {
    label: 'Champions',
    recent: 1,
    valuable: 1,
    orders: 'often',
    action: 'Thank and reward them: early access, a personal contact; ask them to recommend you.',
  },
  {
    label: 'Loyal regulars',
    recent: 0.85,
    valuable: 0.72,
    orders: 'often',
    action: 'Offer a loyalty programme and products that go with what they already buy.',
  },
  {
    label: 'Promising',
    recent: 0.85,
    valuable: 0.42,
    action: 'Make the next order easy: recommendations from their last basket and a small advantage for it.',
  },
  {
    label: 'Big first orders',
    recent: 0.9,
    valuable: 0.75,
    orders: 'once',
    action: 'Look after them at once: ask how the order went and suggest what completes it.',
  },
  {
    label: 'New shoppers',
    recent: 1,
    valuable: 0.08,
    orders: 'once',
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
    label: 'Slipping regulars',
    recent: 0.35,
    valuable: 0.85,
    orders: 'often',
    action: 'Ask them what is missing and make them an offer worth their past orders, before they are gone.',
  },
  {
    label: 'Lost champions',
    recent: 0.05,
    valuable: 0.95,
    orders: 'often',
    action: 'Win them back one by one: find out why they left; they were worth more than most.',
  },
  {
    label: 'Lapsed regulars',
    recent: 0.05,
    valuable: 0.65,
    orders: 'often',
    action: 'Bring back the habit: remind them of what they used to buy, with a reason to come now.',
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
    orders: 'once',
    action: 'Leave them out of paid campaigns; learn why one order was enough for them.',
  },
];
