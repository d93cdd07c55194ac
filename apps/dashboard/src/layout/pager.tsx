import { Pagination } from '@mantine/core';
import { texts } from '../texts';

interface Props {
  count: number;
  pageSize: number;
  /** From 1. */
  page: number;
  onPage: (page: number) => void;
}

/** Leads through a list that has more than one page. */
export function Pager({ count, pageSize, page, onPage }: Props) {
  const total = Math.ceil(count / pageSize);
  if (total <= 1) return null;
  return (
    <Pagination
      total={total}
      value={page}
      onChange={onPage}
      getControlProps={nameOf}
      size="sm"
      mt="sm"
      aria-label={texts.layout.pages}
    />
  );
}

/** The arrows have no text. */
const nameOf = (control: 'first' | 'previous' | 'next' | 'last') => ({
  'aria-label':
    control === 'previous' || control === 'first' ? texts.layout.previousPage : texts.layout.nextPage,
});
