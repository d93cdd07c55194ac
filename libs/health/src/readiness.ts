export interface Dependency {
  name: string;
  /** Without it the process cannot do its job; others only degrade it. */
  needed: boolean;
  /** Rejects where the dependency does not answer. */
  check: () => Promise<void>;
}

export interface ReadinessReport {
  status: 'ok' | 'degraded' | 'unavailable';
  dependencies: Record<string, { status: 'up' | 'down'; needed: boolean }>;
}

const CHECK_TIMEOUT_MS = 2000;
const REPORT_LIFETIME_MS = 2000;

/** Asks every dependency at once, none longer than two seconds; answers within two seconds share a report. */
export class Readiness {
  private current: { at: number; report: Promise<ReadinessReport> } | undefined;

  private withdrawn = false;

  constructor(private readonly dependencies: readonly Dependency[]) {}

  /** The process ends: whatever its dependencies say, it wants no more work. */
  withdraw(): void {
    this.withdrawn = true;
    this.current = undefined;
  }

  report(): Promise<ReadinessReport> {
    const now = Date.now();
    if (this.current === undefined || now - this.current.at > REPORT_LIFETIME_MS) {
      this.current = { at: now, report: this.ask() };
    }
    return this.current.report;
  }

  private async ask(): Promise<ReadinessReport> {
    const states = await Promise.all(
      this.dependencies.map(async ({ name, needed, check }) => {
        const up = await answersInTime(check);
        return [name, { status: up ? ('up' as const) : ('down' as const), needed }] as const;
      }),
    );
    const down = states.filter(([, state]) => state.status === 'down');
    const needed = down.some(([, state]) => state.needed);
    return {
      status: needed || this.withdrawn ? 'unavailable' : down.length > 0 ? 'degraded' : 'ok',
      dependencies: Object.fromEntries(states),
    };
  }
}

async function answersInTime(check: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check().then(() => true), timeout]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
