import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { BlobStore } from './blob-store.js';
import { FileSystemBlobStore } from './file-system-blob-store.js';
import { Places } from './places/places.js';
import { S3_CLIENT_PROVIDER } from './s3/s3-client.provider.js';

@Module({
  providers: [
    S3_CLIENT_PROVIDER,
    Places,
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
  exports: [BlobStore, Places],
})
export class StorageModule {}
