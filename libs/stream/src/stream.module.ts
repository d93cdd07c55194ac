import { Module } from '@nestjs/common';
import { StreamJournal } from './stream-journal.js';
import { StreamPurge } from './stream-purge.js';

@Module({ providers: [StreamJournal, StreamPurge], exports: [StreamJournal] })
export class StreamModule {}
