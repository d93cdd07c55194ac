import { describe, expect, it } from 'vitest';
import { decideKind } from './decide-kind.js';
import { proposeRoles, resolveRoles, roleCandidates } from './propose-roles.js';
import type { ColumnKind, RoleColumn } from './role.js';

const LETTERS: Record<string, ColumnKind> = {
  i: 'integer',
  d: 'decimal',
  t: 'text',
  D: 'date',
  T: 'timestamp',
};

/** `InvoiceNo:t Quantity:i` as columns; an underscore stands for a space. */
const columns = (text: string): RoleColumn[] =>
  text.split(' ').map((entry) => {
    const [name = '', letter = ''] = entry.split(':');
    return { name: name.replaceAll('~', ' '), type: LETTERS[letter] ?? 'text' };
  });
const roles = (text: string) => resolveRoles(columns(text));

describe('proposeRoles', () => {
  it.each([
    [
      'Online Retail',
      'InvoiceNo:t StockCode:t Description:t Quantity:i InvoiceDate:T UnitPrice:d CustomerID:i Country:t',
      {
        orderId: 'InvoiceNo',
        product: 'StockCode',
        quantity: 'Quantity',
        orderedAt: 'InvoiceDate',
        unitPrice: 'UnitPrice',
        shopperId: 'CustomerID',
      },
    ],
    [
      'CDNOW',
      'customer_id:t date:D number_of_cds:i dollar_value:d',
      { shopperId: 'customer_id', orderedAt: 'date', quantity: 'number_of_cds', amount: 'dollar_value' },
    ],
    [
      'Retail transactions',
      'customer_id:t trans_date:D tran_amount:i',
      { shopperId: 'customer_id', orderedAt: 'trans_date', amount: 'tran_amount' },
    ],
    [
      'Groceries',
      'Member_number:i Date:D itemDescription:t',
      { shopperId: 'Member_number', orderedAt: 'Date', product: 'itemDescription' },
    ],
    [
      'Supermarket sales, which name no shopper',
      'Invoice~ID:t Branch:t Customer~type:t Gender:t Product~line:t Unit~price:d Quantity:i Total:d Date:D',
      {
        orderId: 'Invoice ID',
        product: 'Product line',
        unitPrice: 'Unit price',
        quantity: 'Quantity',
        amount: 'Total',
        orderedAt: 'Date',
      },
    ],
    [
      'Mall customers in Spanish',
      'CodigoCliente:i Genero:t Edad:i IngresosAnuales:i PuntajeGasto:i',
      { shopperId: 'CodigoCliente' },
    ],
    [
      'Spanish',
      'Código~de~cliente:t Nº~de~pedido:t Fecha:D Cantidad:i Precio:d Producto:t',
      {
        shopperId: 'Código de cliente',
        orderedAt: 'Fecha',
        quantity: 'Cantidad',
        unitPrice: 'Precio',
        product: 'Producto',
      },
    ],
    [
      'German',
      'Kunde:t Bestellnummer:t Bestelldatum:D Menge:i Einzelpreis:d Artikel:t Größe:t',
      {
        shopperId: 'Kunde',
        orderId: 'Bestellnummer',
        orderedAt: 'Bestelldatum',
        quantity: 'Menge',
        unitPrice: 'Einzelpreis',
        product: 'Artikel',
      },
    ],
  ])('finds the roles of %s', (_, header, expected) => {
    expect(roles(header)).toEqual(expected);
  });

  it('takes a date of birth or of joining for no order', () => {
    expect(roles('ID:i Year_Birth:i Income:i Dt_Customer:D Recency:i')).toEqual({ shopperId: 'ID' });
  });

  it('wants at least 95 % of the values to fit', () => {
    const column = { name: 'Quantity', type: 'text', numericShare: 0.949 } as const;
    expect(proposeRoles([column])).toEqual([]);
    expect(proposeRoles([{ ...column, numericShare: 0.95 }])).toEqual([
      { role: 'quantity', column: 'Quantity', confidence: 0.95 },
    ]);
  });

  it('takes an id for the shopper where the table is about people, and nowhere else', () => {
    expect(roles('Id:t AnnualIncome:i')).toEqual({ shopperId: 'Id' });
    expect(roles('id:i geschlecht:t')).toEqual({ shopperId: 'id' });
    expect(roles('id:i page:i package:t')).toEqual({});
    expect(roles('id:D gender:t')).toEqual({});
    expect(roles('id:i customer_no:t gender:t')).toEqual({ shopperId: 'customer_no' });
  });

  it('is less sure of strange values, and of columns that only their type speaks for', () => {
    const sure = (text: string) =>
      roleCandidates(columns(text)).map(({ role, column, confidence }) => [role, column, confidence]);
    expect(sure('customer_id:d')).toEqual([['shopperId', 'customer_id', 0.8]]);
    expect(proposeRoles(columns('kunde:d'))).toEqual([]);
    expect(sure('customer_id:D')).toEqual([]);
    expect(sure('a:t b:D c:d')).toEqual([
      ['orderedAt', 'b', 0.4],
      ['amount', 'c', 0.3],
    ]);
    expect(proposeRoles(columns('a:t b:D c:d'))).toEqual([]);
    expect(sure('a:t b:D c:T')).toEqual([]);
  });

  it('prefers the surer of two columns and gives each one role', () => {
    expect(roles('customer:t customer_id:t price:d sales:d')).toEqual({
      shopperId: 'customer_id',
      unitPrice: 'price',
      amount: 'sales',
    });
  });

  it('lets the mapping win', () => {
    expect(resolveRoles(columns('customer_id:t Date:D Paid:D'), { orderedAt: 'Paid' })).toEqual({
      shopperId: 'customer_id',
      orderedAt: 'Paid',
    });
    expect(resolveRoles(columns('customer_id:t Date:D'), { product: 'customer_id' })).toEqual({
      product: 'customer_id',
      orderedAt: 'Date',
    });
  });
});

describe('decideKind', () => {
  it.each([
    ['customer_id:t Date:D', undefined, 'transactions'],
    ['CustomerID:i Age:i', undefined, 'shoppers'],
    ['CustomerID:i Age:i', true, 'shoppers'],
    ['CustomerID:i Age:i', false, 'generic'],
    ['CustomerID:i Order_ID:i Age:i', undefined, 'generic'],
    ['CustomerID:i Gender:t', true, 'generic'],
    ['Channel:i Fresh:i', undefined, 'generic'],
  ] as const)('%s (ids unique: %s) is %s', (header, shopperIdIsUnique, kind) => {
    const evidence = { columns: columns(header), roles: roles(header) };
    expect(
      decideKind({ ...evidence, ...(shopperIdIsUnique === undefined ? {} : { shopperIdIsUnique }) }),
    ).toBe(kind);
  });
});
