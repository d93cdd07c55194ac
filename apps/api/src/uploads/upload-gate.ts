import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { counter, gauge } from '@app/metrics';
import { Problem } from '@app/problems';

const inFlight = gauge('datacore_uploads_in_flight', 'Files that are being received.');
const refused = counter(
  'datacore_uploads_refused_total',
  'Files refused because too many were being received.',
);

const RETRY_SECONDS = 5;

/** Bounds how many files this process receives at a time: each holds a connection, a file and a share of the disk. */
@Injectable()
export class UploadGate {
  private receiving = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @returns what is to be called when the file is received or refused @throws Problem unavailable */
  enter(): () => void {
    if (this.receiving >= this.settings.capacity.uploadsInFlight) {
      refused.inc();
      throw new Problem('unavailable', 'Too many files are being received. Please try again.', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
    inFlight.set((this.receiving += 1));
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inFlight.set((this.receiving -= 1));
    };
  }
}
