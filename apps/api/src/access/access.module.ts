import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '@app/audit';
import { CustomersModule } from '@app/customers';
import { UsersModule } from '@app/users';
import { AccessTokenGuard, AccessTokenStrategy } from './access-token.strategy.js';
import { AccessGuard } from './access.guard.js';
import { AccessService } from './access.service.js';
import { Authenticator } from './authenticator.js';
import { ResourceOwners } from './resource-owners.js';
import { RouteDeclarations } from './route-declarations.js';

/** Global, so that every controller's module has {@link AccessService} at hand. */
@Global()
@Module({
  imports: [AuditModule, CustomersModule, DiscoveryModule, UsersModule],
  providers: [
    AccessService,
    AccessTokenGuard,
    AccessTokenStrategy,
    Authenticator,
    ResourceOwners,
    RouteDeclarations,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessService],
})
export class AccessModule {}
