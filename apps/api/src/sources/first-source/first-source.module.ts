import { Module } from '@nestjs/common';
import { CustomersModule } from '@app/customers';
import { SourcesModule } from '@app/sources';
import { StorageModule } from '@app/storage';
import { UsersModule } from '@app/users';
import { FirstSource } from './first-source.js';

/** For a command; see {@link FirstSource}. */
@Module({
  imports: [CustomersModule, SourcesModule, StorageModule, UsersModule],
  providers: [FirstSource],
})
export class FirstSourceModule {}
