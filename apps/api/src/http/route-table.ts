import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Which methods each address answers, so that a wrong one is 405 with `Allow` and not 404. */
@Injectable()
export class RouteTable {
  private routes: { pattern: RegExp; methods: string[] }[] = [];

  /** Filled once the OpenAPI document, which lists every route, has been made. */
  load(document: OpenAPIObject): void {
    this.routes = Object.entries(document.paths).map(([path, operations]) => ({
      pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}/?$`),
      methods: METHODS.filter((method) => operations[method] !== undefined).flatMap((method) =>
        method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      ),
    }));
  }

  methodsOf(path: string): string[] {
    return [
      ...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
    ];
  }
}
