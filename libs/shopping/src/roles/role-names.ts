import { normaliseHeader } from './normalise-header.js';
import type { Role } from './role.js';

/**
 * Header names by role, each list from the surest to the weakest; the words of a header in any writing
 * (`CustomerID`, `customer_id`, `CUSTOMER ID`) are compared without case, accents, spaces and punctuation.
 * English, Spanish, Portuguese, German, French, Italian, Dutch.
 */
export const ROLE_NAMES: Record<Role, readonly string[]> = {
  shopperId: [
    'shopper id, customer id, customer number, customer no, customer code, customer key, client id, member id, member number',
    'id cliente, codigo cliente, numero cliente, cliente id, kunden id, kundennummer, kunden nr, id client, code client, numero client, codice cliente, klant id, klantnummer',
    'cust id, custid, cust no, user id, buyer id, card id, loyalty id, household id, household key, panelist id, account id, contact id, customer unique id, visitor id, person id',
    'shopper, customer, cust, client, cliente, kunde, klant, member, buyer, comprador, comprador id, usuario, user, household, socio',
  ],
  orderId: [
    'order id, order number, order no, invoice no, invoice number, invoice id, invoice, transaction id, transaction number, transaction no, receipt id, receipt number, receipt no',
    'id pedido, numero pedido, pedido id, codigo pedido, numero factura, id factura, bestell id, bestellnummer, bestell nr, rechnungsnummer, rechnung nr, belegnummer, bon nr',
    'numero commande, id commande, numero facture, numero ordine, id ordine, numero fattura, bestelnummer, factuurnummer, id venda, id compra, id transaccion, id venta, numero ticket',
    'order, transaction, receipt, basket id, basket, ticket id, ticket, bill no, bill id, sale id, purchase id, trans id, tran id, txn id, pedido, factura, bestellung, rechnung, commande, facture, ordine, fattura, bestelling, venta, venda, transaccion, transaktion',
  ],
  orderedAt: [
    'ordered at, order date, order datetime, order timestamp, order time, invoice date, invoice datetime, transaction date, transaction datetime, transaction time, transaction timestamp, purchase date, purchase time, purchased at, sale date, sales date, receipt date',
    'trans date, tran date, txn date, order purchase timestamp, date of purchase, date of sale, invoice timestamp, event time',
    'fecha pedido, fecha compra, fecha venta, fecha factura, fecha transaccion, data pedido, data compra, data venda, bestelldatum, bestell datum, kaufdatum, rechnungsdatum, date commande, date achat, date facture, data ordine, data acquisto, besteldatum, aankoopdatum',
    'date, datetime, timestamp, date time, fecha, datum, data, zeitpunkt, day, fecha hora',
  ],
  quantity: [
    'quantity, qty, order quantity, quantity ordered, item quantity, units sold, quantity sold',
    'cantidad, quantidade, menge, stueckzahl, stuckzahl, quantite, quantita, hoeveelheid, aantal, anzahl, unidades, pieces, units, number of items, number of units, number of cds, item count, num items',
  ],
  unitPrice: [
    'unit price, price per unit, item price, price each, unit cost price, selling price, sale price, retail price',
    'precio unitario, preco unitario, einzelpreis, stueckpreis, stuckpreis, prix unitaire, prezzo unitario, stukprijs, eenheidsprijs',
    'price, precio, preco, preis, prix, prezzo, prijs',
  ],
  amount: [
    'amount, total amount, transaction amount, tran amount, trans amount, order amount, order total, order value, sales amount, sale amount, purchase amount, line total, invoice amount, total price, total sales, total spent, amount spent, dollar value',
    'importe, importe total, monto, monto total, valor total, betrag, gesamtbetrag, umsatz, montant, montant total, importo, importo totale, bedrag, totaalbedrag, spend, spent',
    'sales, revenue, total, value, payment value, ventas, vendas, ingresos, turnover, gross sales, net sales',
  ],
  product: [
    'product id, product code, stock code, stockcode, sku, item id, item code, article id, article number, product key, upc, ean, asin',
    'codigo producto, id producto, codigo produto, id produto, artikelnummer, artikel nr, artikel id, produkt id, code produit, id produit, codice prodotto, id prodotto, productcode',
    'product, product name, item name, item description, product description, article, item, producto, produto, artikel, produkt, articulo, articolo, produit, prodotto, nombre producto',
    'description, descripcion, descricao, beschreibung, bezeichnung, descrizione, omschrijving, designation, stock, product line, product category',
  ],
};

/** Words in the headers of a table about people, in the same languages. */
export const PERSON_WORDS: ReadonlySet<string> = new Set(
  (
    'age birth birthday birthdate dob gender sex income marital education household kidhome occupation ' +
    'edad nacimiento genero sexo ingresos civil educacion idade nascimento renda alter geburtsdatum geburtsjahr ' +
    'geschlecht einkommen familienstand beruf naissance sexe revenus genre eta nascita sesso reddito leeftijd ' +
    'geboortedatum geslacht inkomen'
  )
    .split(' ')
    .map(normaliseHeader),
);
