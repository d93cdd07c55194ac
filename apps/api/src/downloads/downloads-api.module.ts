import { Module } from '@nestjs/common';
import { UsersModule } from '@app/users';
import { DownloadsController } from './downloads.controller.js';

@Module({ imports: [UsersModule], controllers: [DownloadsController] })
export class DownloadsApiModule {}
