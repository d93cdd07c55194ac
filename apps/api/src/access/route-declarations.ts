import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS_RULE, PUBLIC_ROUTE } from './access.decorator.js';

// Where Nest keeps the path of a route handler.
const PATH_METADATA = 'path';

/** Keeps the api from starting while a route does not say who may call it. */
@Injectable()
export class RouteDeclarations implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const silent = this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((name) => this.isSilent(prototype[name], metatype))
        .map((name) => `${metatype.name}.${name}`);
    });
    if (silent.length > 0) {
      throw new Error(`routes without @Access or @Public: ${silent.join(', ')}`);
    }
  }

  private isSilent(handler: unknown, controller: Function): boolean {
    if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH_METADATA, handler)) return false;
    return [ACCESS_RULE, PUBLIC_ROUTE].every(
      (key) => this.reflector.getAllAndOverride<unknown>(key, [handler, controller]) === undefined,
    );
  }
}
