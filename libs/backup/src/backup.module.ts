import { Module } from '@nestjs/common';
import { StorageModule } from '@app/storage';
import { Backup } from './backup.js';
import { Restore } from './restore.js';

/** Needs the global `FramesModule.forRoot()` of its app. */
@Module({ imports: [StorageModule], providers: [Backup, Restore], exports: [Backup, Restore] })
export class BackupModule {}
