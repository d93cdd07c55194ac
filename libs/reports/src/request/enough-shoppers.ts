import { Problem } from '@app/problems';

/** What tells whether a report can say anything. */
export interface ShopperCounts {
  shoppers: number;
  /** Orders of the shopper with the most; null for shoppers datasets. */
  mostOrders: number | null;
  /** Whether any feature has two different values. */
  differ: boolean;
}

/** @throws Problem unprocessable where there are fewer shoppers than k, or than a report is worth making of */
export function requireEnoughShoppers(shoppers: number, k: number | 'auto', minShoppers: number): void {
  if (k !== 'auto' && k > shoppers) {
    throw new Problem(
      'unprocessable',
      `${k} segments cannot be made of ${shoppers} shopper${shoppers === 1 ? '' : 's'} with a purchase.`,
      { fields: { k: [`at most ${shoppers}, the number of shoppers`] } },
    );
  }
  if (shoppers < minShoppers) {
    throw new Problem(
      'unprocessable',
      `There are only ${shoppers} shoppers with a purchase; a report needs at least ${minShoppers}.`,
    );
  }
}

/** @throws Problem unprocessable where the data is too thin for segments: too few shoppers, or nothing tells them apart */
export function requireTellingShoppers(
  { shoppers, mostOrders, differ }: ShopperCounts,
  k: number | 'auto',
  minShoppers: number,
): void {
  requireEnoughShoppers(shoppers, k, minShoppers);
  if (mostOrders === 1) {
    throw new Problem(
      'unprocessable',
      'No shopper has more than one order; habits show only where shoppers come back. ' +
        'Upload a longer period, or check the column that plays the role shopperId.',
    );
  }
  if (!differ) {
    throw new Problem(
      'unprocessable',
      'All shoppers are alike in every feature; there is nothing to tell them apart by.',
    );
  }
}
