import type { Browser } from 'playwright-core';

/** The Chromium of this machine: CHROMIUM_PATH, or what a package manager put into the path. */
export function chromiumPath(): string | undefined;

export function launch(executablePath: string): Promise<Browser>;
