import { Module } from '@nestjs/common';
import { CustomersModule } from '@app/customers';
import { ApiKeysController } from './api-keys.controller.js';

@Module({ imports: [CustomersModule], controllers: [ApiKeysController] })
export class ApiKeysApiModule {}
