import type { Arrangement, ColumnSort } from '../../../src/wire/metricsChoices';
import type { Amendment } from './gridParts';

/** What the table tells its owner, who decides. */
export type SortEvent = CustomEvent<readonly ColumnSort[]>;
export type ChooseEvent = CustomEvent<{
  readonly references: readonly string[];
  readonly chosen: boolean;
}>;
/** A row's reference. */
export type RowEvent = CustomEvent<string>;
export type AmendEvent = CustomEvent<Amendment>;
export type ArrangeEvent = CustomEvent<Arrangement>;
