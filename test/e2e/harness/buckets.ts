import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import type { S3Server } from '../../fixtures/s3/s3-server.js';

/** What lies in a bucket, as others put it there and fetch it. */
export class Bucket {
  constructor(
    private readonly server: Pick<S3Server, 'client'>,
    readonly name: string,
  ) {}

  async put(key: string, content: string | Uint8Array): Promise<void> {
    await this.server.client.send(new PutObjectCommand({ Bucket: this.name, Key: key, Body: content }));
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.server.client.send(new GetObjectCommand({ Bucket: this.name, Key: key }));
    return buffer(Body as Readable);
  }

  async remove(key: string): Promise<void> {
    await this.server.client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
  }

  /** Of the first thousand. */
  async keys(prefix = ''): Promise<string[]> {
    const listed = await this.server.client.send(
      new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix }),
    );
    return (listed.Contents ?? []).map(({ Key = '' }) => Key);
  }
}
