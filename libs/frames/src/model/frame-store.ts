import type { ConnectOptions } from 'mongoose';

/** Injection token of {@link FrameStoreOptions}. */
export const FRAME_STORE = Symbol('frame store');

export interface FrameStoreOptions {
  uri: string;
  options: ConnectOptions;
}

const SELECTION_TIMEOUT_MILLISECONDS = 3000;
/** Its monitor, too, waits this long for an answer: on a line that swallows it nothing goes on before. */
const CONNECT_TIMEOUT_MILLISECONDS = 3000;

/** An outage is an error at once, not a queue of commands; frames are acknowledged when they are durable. */
export const frameStoreOptions = (uri: string): FrameStoreOptions => ({
  uri,
  options: {
    serverSelectionTimeoutMS: SELECTION_TIMEOUT_MILLISECONDS,
    connectTimeoutMS: CONNECT_TIMEOUT_MILLISECONDS,
    bufferCommands: false,
    autoIndex: false,
    sanitizeFilter: true,
    maxPoolSize: 8,
    // Said here, since not every operation of a model heeds what its schema says of it.
    writeConcern: { w: 'majority', journal: true },
  },
});
