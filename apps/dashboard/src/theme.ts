import { createTheme, type CSSVariablesResolver, Modal } from '@mantine/core';

/** The value the api put into the page, with which styles of this page are let through. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

export const theme = createTheme({
  primaryColor: 'teal',
  // Dark enough for white text on it, at a ratio of 4.5 (WCAG 2.2, 1.4.3).
  primaryShade: { light: 9, dark: 9 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  components: {
    // The lock writes a style element that the page's policy forbids.
    Modal: Modal.extend({ defaultProps: { lockScroll: false } }),
  },
});

/** Secondary text a shade further from its ground than the library's, for the same ratio. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': 'var(--mantine-color-gray-7)' },
  dark: { '--mantine-color-dimmed': 'var(--mantine-color-dark-1)' },
});
