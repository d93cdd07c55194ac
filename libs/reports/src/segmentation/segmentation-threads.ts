import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { OnProgress } from '@app/clustering';
import { Problem } from '@app/problems';
import type { Judgement, SegmentationJob, SegmentedShoppers } from './segment-shoppers.js';
import type { ThreadMessage } from './segmentation.thread.js';

export interface ThreadOptions {
  signal: AbortSignal;
  onProgress: OnProgress;
}

/** A job under way. What is told last is not needed to store the segments. */
export interface SegmentationRun {
  /** @throws Problem unprocessable where the data cannot be clustered; the signal's reason once it is aborted */
  segmented: Promise<SegmentedShoppers>;
  judged: Promise<Judgement>;
}

/** A thread of a large job gives its memory back by ending. */
const KEPT_UP_TO_SHOPPERS = 100_000;
const KEPT_MILLISECONDS = 60_000;

/** Makes segments in threads of their own, so that the process goes on answering. One waits for the next report. */
@Injectable()
export class SegmentationThreads implements OnModuleDestroy {
  private waiting: { thread: Worker; timer: NodeJS.Timeout } | undefined;
  private closed = false;

  /** Starts a thread unless one waits, so that it is ready once the data is. */
  prepare(): void {
    if (this.waiting === undefined) this.keep(startThread());
  }

  /** The same job gives the same answer every time. */
  run(job: SegmentationJob, { signal, onProgress }: ThreadOptions): SegmentationRun {
    const thread = this.take();
    const stop = (): void => void thread.terminate();
    const segmented = deferred<SegmentedShoppers>();
    const judged = deferred<Judgement>();
    const end = (failure: unknown): void => {
      signal.removeEventListener('abort', stop);
      forgetListeners(thread);
      const shoppers = job.request.columns[0]?.length ?? 0;
      if (failure === undefined && shoppers <= KEPT_UP_TO_SHOPPERS) this.keep(thread);
      else void thread.terminate();
      segmented.reject(failure);
      judged.reject(failure);
    };
    thread.on('message', (message: ThreadMessage) => {
      if (message.kind === 'progress') onProgress(message.phase, message.share);
      else if (message.kind === 'segmented') segmented.resolve(message.segmented);
      else if (message.kind === 'problem') end(new Problem('unprocessable', message.detail));
      else {
        judged.resolve(message.judgement);
        end(undefined);
      }
    });
    thread.on('error', end);
    thread.on('exit', () =>
      end(signal.aborted ? signal.reason : new Error('The clustering thread ended without a result.')),
    );
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    thread.ref();
    thread.postMessage(job);
    return { segmented: segmented.promise, judged: judged.promise };
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await this.waiting?.thread.terminate();
  }

  private take(): Worker {
    if (this.waiting === undefined) return startThread();
    const { thread, timer } = this.waiting;
    this.waiting = undefined;
    clearTimeout(timer);
    forgetListeners(thread);
    return thread;
  }

  private keep(thread: Worker): void {
    if (this.closed || this.waiting !== undefined) {
      void thread.terminate();
      return;
    }
    const forget = (): void => {
      if (this.waiting?.thread === thread) this.waiting = undefined;
      void thread.terminate();
    };
    thread.unref();
    thread.once('error', forget);
    thread.once('exit', forget);
    this.waiting = { thread, timer: setTimeout(forget, KEPT_MILLISECONDS).unref() };
  }
}

/** Not all at once: the thread has some of its own, without which no message arrives. */
function forgetListeners(thread: Worker): void {
  for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
}

const startThread = (): Worker => new Worker(new URL('./segmentation.thread.js', import.meta.url));

const unset = (): void => undefined;

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

/** Its failure may be heard of by nobody. */
function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = unset;
  let reject: Deferred<T>['reject'] = unset;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
