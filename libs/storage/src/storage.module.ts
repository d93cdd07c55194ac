import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { BlobStore } from './blob-store.js';
import { FileSystemBlobStore } from './file-system-blob-store.js';
import { Places } from './places/places.js';
import { Buckets } from './s3/buckets.js';
import { S3BlobStore } from './s3/s3-blob-store.js';
import { S3_CLIENT, S3_CLIENT_PROVIDER, type S3ClientProvider } from './s3/s3-client.provider.js';

@Module({
  providers: [
    S3_CLIENT_PROVIDER,
    Places,
    Buckets,
    {
      provide: BlobStore,
      inject: [SETTINGS, S3_CLIENT],
      useFactory: async (settings: Settings, s3: S3ClientProvider): Promise<BlobStore> => {
        const directory = join(settings.dataDirectory, 'blobs');
        const client = s3();
        const { bucket } = settings.objects;
        const store =
          bucket === undefined || client === undefined
            ? new FileSystemBlobStore(directory)
            : new S3BlobStore(client, bucket, directory);
        await store.prepare();
        return store;
      },
    },
  ],
  exports: [BlobStore, Buckets, Places],
})
export class StorageModule {}
