/**
 * sfc32 ("small fast chaotic", 32 bit) of Chris Doty-Humphrey's PractRand: 128 bits of state, shortest period
 * above 2^32, passes PractRand and BigCrush. Our own so that results do not move with a runtime or a library.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** Equal seeds give equal sequences. Each seed is taken modulo 2^32. */
  constructor(first: number, second = 0, third = 0) {
    this.a = first | 0;
    this.b = second | 0;
    this.c = third | 0;
    // Twelve rounds spread the seed over the whole state, as PractRand does.
    for (let round = 0; round < 12; round += 1) {
      this.next32();
    }
  }

  /** A whole number, uniform in [-2^31, 2^31). */
  next32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  nextFraction(): number {
    const high = this.next32() >>> 5;
    const low = this.next32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /** A whole number, uniform in [0, bound) for bound up to 2^53. */
  nextBelow(bound: number): number {
    return Math.floor(this.nextFraction() * bound);
  }
}
