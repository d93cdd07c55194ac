/** Injection token of the time by which schedules fire; tests give one that runs faster. */
export const CLOCK = Symbol('clock');

export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
