import { useState } from 'react';

/** Which part of a list is wanted. */
export interface Listing {
  /** Nothing in particular where it is empty. */
  search?: string;
  /** From 1. */
  page?: number;
}

const ALL = { search: '', page: 1 };

/** What is searched for in a list, and the page of what was found: another search begins at the first. */
export function useListing() {
  const [listing, setListing] = useState(ALL);
  return {
    listing,
    onSearch: (search: string) => setListing({ ...ALL, search }),
    onPage: (page: number) => setListing({ ...listing, page }),
  };
}

/** The listing as the api is asked for it. */
export const listQuery = ({ search = ALL.search, page = ALL.page }: Listing) => ({
  page,
  ...(search !== '' && { search }),
});
