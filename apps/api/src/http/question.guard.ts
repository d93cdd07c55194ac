import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DuckEngine } from '@app/frames';

const QUESTION = Symbol('question');

/** A route whose answer is computed by the query engine. */
export const Question = () => SetMetadata(QUESTION, true);

/**
 * Refuses questions while the engine has no room for them, before anybody asks the database who it is that asks: under
 * overload refusals are most of the answers, and what they cost is taken from those who are answered.
 */
@Injectable()
export class QuestionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly engine: DuckEngine,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.get<true | undefined>(QUESTION, context.getHandler())) this.engine.refuseIfFull();
    return true;
  }
}
