import { expect, test } from 'vitest';
import { ProgressMeter } from './progress-meter.js';

const rows = (done: number) => ({ done, total: 1000, unit: 'rows' });

test('speed and remaining time are unknown at first, then follow from what was done', () => {
  const meter = new ProgressMeter();
  expect(meter.current).toBeNull();
  meter.report(rows(0), 5000);
  expect(meter.current).toEqual({ ...rows(0), phase: null, ratePerSecond: null, etaSeconds: null });
  meter.report(rows(250), 6000);
  expect(meter.current).toEqual({ ...rows(250), phase: null, ratePerSecond: 250, etaSeconds: 3 });
  meter.report(rows(1000), 9000);
  expect(meter.current).toEqual({ ...rows(1000), phase: null, ratePerSecond: 250, etaSeconds: 0 });
});

test('a task that stands still has a speed of 0 and no end in sight', () => {
  const meter = new ProgressMeter();
  meter.report(rows(10), 0);
  meter.report(rows(10), 1000);
  expect(meter.current).toMatchObject({ ratePerSecond: 0, etaSeconds: null });
});

test('another unit, or going back, starts anew', () => {
  const meter = new ProgressMeter();
  meter.report({ done: 0, total: 100, unit: 'bytes' }, 0);
  meter.report({ done: 100, total: 100, unit: 'bytes' }, 1000);
  meter.report(rows(500), 1000);
  expect(meter.current).toMatchObject({ ratePerSecond: null, etaSeconds: null });
  meter.report(rows(600), 2000);
  expect(meter.current?.ratePerSecond).toBe(100);
  meter.report(rows(0), 3000);
  expect(meter.current?.ratePerSecond).toBeNull();
});
