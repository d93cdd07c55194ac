import { describe, expect, it } from 'vitest';
import { productNameColumn } from './product-name.js';
import { proposeRoles } from './propose-roles.js';
import type { RoleColumn } from './role.js';

const text = (name: string): RoleColumn => ({ name, type: 'text' });
const columns = [text('StockCode'), text('Description'), text('Country')];

describe('productNameColumn', () => {
  it('finds the words beside the code, which still counts the products', () => {
    expect(proposeRoles(columns)).toMatchObject([{ role: 'product', column: 'StockCode' }]);
    expect(productNameColumn(columns, { product: 'StockCode' })).toBe('Description');
    const spanish = [text('SKU'), text('Descripción'), text('Nombre producto')];
    expect(productNameColumn(spanish, { product: 'SKU' })).toBe('Nombre producto');
  });

  it('finds none where words play the role already, or nothing names products', () => {
    expect(productNameColumn(columns, { product: 'Description' })).toBeNull();
    expect(productNameColumn(columns, {})).toBeNull();
    expect(productNameColumn([text('SKU'), text('City')], { product: 'SKU' })).toBeNull();
    const numbers: RoleColumn[] = [text('SKU'), { name: 'Description', type: 'integer' }];
    expect(productNameColumn(numbers, { product: 'SKU' })).toBeNull();
  });
});
