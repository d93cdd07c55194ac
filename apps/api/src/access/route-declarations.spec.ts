import { Controller, Get, Module, type Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { Access, Public } from './access.decorator.js';
import { RouteDeclarations } from './route-declarations.js';

@Controller('declared')
class DeclaredController {
  @Get('members')
  @Access({ role: 'viewer', of: 'customer', param: 'customerId' })
  members(): string {
    return this.plain();
  }

  @Get('everybody')
  @Public()
  everybody(): string {
    return this.plain();
  }

  plain(): string {
    return 'no route';
  }
}

@Controller('whole')
@Access({ administrator: true })
class WholeController {
  @Get()
  list(): string[] {
    return [];
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get('known')
  @Public()
  known(): string {
    return '';
  }

  @Get('secret')
  secret(): string {
    return '';
  }
}

async function boot(controllers: Type[]): Promise<void> {
  @Module({ imports: [DiscoveryModule], controllers, providers: [RouteDeclarations] })
  class ProbeModule {}
  const app = await NestFactory.create(ProbeModule, { logger: false, abortOnError: false });
  await app.init();
  await app.close();
}

describe('S19: RouteDeclarations', () => {
  it('lets an api start whose routes all say who may call them', async () => {
    await expect(boot([DeclaredController, WholeController])).resolves.toBeUndefined();
  });

  it('names the route that does not', async () => {
    await expect(boot([DeclaredController, ForgottenController])).rejects.toThrow(
      'routes without @Access or @Public: ForgottenController.secret',
    );
  });
});
