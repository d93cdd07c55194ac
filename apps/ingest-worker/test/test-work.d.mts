import type { DynamicModule } from '@nestjs/common';

export type Behaviour =
  | { behaviour: 'succeed' | 'problem' | 'crash' }
  | { behaviour: 'work' | 'stubborn'; milliseconds: number }
  | { behaviour: 'failing'; failures: number };

export declare const testWork: () => DynamicModule;
