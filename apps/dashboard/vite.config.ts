import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@app/api-client': here('../../libs/api-client/src/index.ts') } },
  // The api puts a fresh value in its place each time it serves the page.
  html: { cspNonce: '%CSP_NONCE%' },
  build: {
    outDir: here('../../dist/apps/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() is left to the browser, which knows the page's colour scheme.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { '/api': 'http://localhost:8000' } },
});
