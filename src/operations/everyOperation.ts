import type { Operation } from '../core/operation';
import type { History } from '../history';

/** How many are read at a time. */
const page = 500;

/** The operation log from its end to its beginning, read as far as it is asked for. */
export function* everyOperation(history: Pick<History, 'operations'>): Generator<Operation> {
  let rows = history.operations({ limit: page });
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield* rows;
    rows = history.operations({ limit: page, before: last.id });
  }
}
