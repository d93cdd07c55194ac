import { Problem } from '@app/problems';

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
