import { normaliseHeader } from './normalise-header.js';
import type { RoleColumn, RoleMap } from './role.js';

/** Headers of columns that say in words what was sold, the surest first. */
const NAMES = [
  'product name, item name, article name, product title, product description, item description, description',
  'nombre producto, nombre articulo, descripcion, nome produto, descricao, artikelname, artikelbezeichnung, produktname, bezeichnung, beschreibung, nom produit, designation, libelle, nome prodotto, descrizione, productnaam, omschrijving',
].flatMap((names) => names.split(',').map(normaliseHeader));

/**
 * The text column that names products in words beside the one that plays `product`, which counts them: codes are told
 * apart surely, names are what people read. Null where there is none.
 */
export function productNameColumn(columns: readonly RoleColumn[], roles: RoleMap): string | null {
  if (roles.product === undefined) return null;
  const taken = new Set(Object.values(roles));
  const candidates = columns
    .filter(({ name, type }) => type === 'text' && !taken.has(name))
    .map(({ name }) => ({ name, rank: NAMES.indexOf(normaliseHeader(name)) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  return candidates[0]?.name ?? null;
}
