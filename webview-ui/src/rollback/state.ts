import { type Reader, shape, text } from '../../../src/wire/readers';

/** What the panel keeps for itself: the reason that was typed so far. */
export interface RollbackOwn {
  readonly reason: string;
}

export const readRollbackOwn: Reader<RollbackOwn> = shape({ reason: text });
