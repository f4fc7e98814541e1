import { isFailure } from '../../../src/core/failure';
import { type RowFilter, rowFilter } from './shownRows';

/** The condition as it is typed: of those that could be read the last one is in force. */
export class TypedFilter {
  filter: RowFilter = { kind: 'everything' };
  /** Why what is typed now cannot be read. */
  wrong: string | null = null;

  read(text: string): void {
    try {
      this.filter = rowFilter(text);
      this.wrong = null;
    } catch (thrown) {
      if (!isFailure(thrown, 'usage')) throw thrown;
      this.wrong = thrown.data.what;
    }
  }
}
