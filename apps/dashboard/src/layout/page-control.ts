import { texts } from '../texts';

/** Names for the arrows of a pagination, which have no text. */
export const pageControl = (control: 'first' | 'previous' | 'next' | 'last') => ({
  'aria-label':
    control === 'previous' || control === 'first' ? texts.layout.previousPage : texts.layout.nextPage,
});
