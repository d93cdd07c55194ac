import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem } from '@app/problems';
import { z } from 'zod';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const fieldOf = (issue: Issue): string =>
  (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');

/** 400 with the messages by field; also for the hand-made checks of multipart fields. */
export function validationProblem(issues: readonly Issue[]): Problem {
  const fields: Record<string, string[]> = {};
  for (const issue of issues) {
    const unknown = (issue as { keys?: string[] }).keys;
    const place = fieldOf(issue);
    const names = unknown?.map((name) => (place === '' ? name : `${place}.${name}`)) ?? [place || 'body'];
    for (const name of names)
      (fields[name] ??= []).push(unknown === undefined ? issue.message : 'unknown field');
  }
  const detail = Object.entries(fields)
    .map(([name, messages]) => `${name}: ${messages.join(', ')}`)
    .join('; ');
  return new Problem('invalid_parameter', detail, { fields });
}

/** Checks every `@Body({ schema })`, `@Query({ schema })` and `@Param(name, { schema })`. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => validationProblem(issues) });
  }
}

/** A path id. What is no id cannot name anything, hence 404 from the access guard and not 400. */
export const idSchema = z.uuid();
