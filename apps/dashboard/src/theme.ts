import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, Modal } from '@mantine/core';

/** The value the api put into the page, with which styles of this page are let through. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

const brand: MantineColorsTuple = [
  '#f0fdfa',
  '#ccfbf1',
  '#99f6e4',
  '#5eead4',
  '#2dd4bf',
  '#14b8a6',
  '#0d9488',
  '#0f766e',
  '#115e59',
  '#134e4a',
];

export const theme = createTheme({
  primaryColor: 'brand',
  colors: { brand },
  // Dark enough for white text on it, and for text on its lightest tints, at a ratio of 4.5 (WCAG 2.2, 1.4.3).
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  components: {
    Modal: Modal.extend({
      defaultProps: {
        // The lock writes a style element that the page's policy forbids.
        lockScroll: false,
        // The page has its own header; that of a dialog is none of the page.
        attributes: { header: { role: 'presentation' } },
      },
    }),
  },
});

/** Secondary text and text on yellow further from their ground than the library's, for the same ratio. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-yellow-light-color': '#7a4100',
  },
  dark: { '--mantine-color-dimmed': 'var(--mantine-color-dark-1)' },
});
