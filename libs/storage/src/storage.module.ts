import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { BlobStore } from './blob-store.js';
import { FileSystemBlobStore } from './file-system-blob-store.js';

@Module({
  providers: [
    {
      provide: BlobStore,
      inject: [SETTINGS],
      useFactory: async (settings: Settings): Promise<BlobStore> => {
        const store = new FileSystemBlobStore(join(settings.dataDirectory, 'blobs'));
        await store.prepare();
        return store;
      },
    },
  ],
  exports: [BlobStore],
})
export class StorageModule {}
