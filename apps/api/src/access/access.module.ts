import { Global, Module } from '@nestjs/common';
import { CustomersModule } from '@app/customers';
import { AccessService } from './access.service.js';

/** Global, so that every controller's module has {@link AccessService} at hand. */
@Global()
@Module({
  imports: [CustomersModule],
  providers: [AccessService],
  exports: [AccessService],
})
export class AccessModule {}
