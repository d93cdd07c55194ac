import { readFileSync } from 'node:fs';

const CONTRACT = new URL('../../../openapi.json', import.meta.url);
const { paths } = JSON.parse(readFileSync(CONTRACT, 'utf8')) as { paths: Record<string, object> };

const operations = Object.entries(paths).flatMap(([path, methods]) => {
  const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
  return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), pattern }));
});

/** Whether a request of the page is one of the operations that the OpenAPI document describes; files of the page are. */
export function isInContract(method: string, url: string): boolean {
  const { pathname } = new URL(url);
  if (!/^\/(?:api|health|metrics)(?:\/|$)/.test(pathname)) return method === 'GET';
  // What POST /downloads handed out stands for another operation.
  if (method === 'GET' && pathname.startsWith('/api/v1/downloads/')) return true;
  return operations.some((operation) => operation.method === method && operation.pattern.test(pathname));
}
