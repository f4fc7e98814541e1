import * as vscode from 'vscode';
import type { FilterVocabulary } from '../../core/filterCompletion';
import type { MetricsTable, TableColumnKind } from '../../core/metricsTable';
import type { ProjectSession } from '../project/session';

/** Models whose names are offered: a project has a few. */
const mostModels = 20;
/** A parameter with more texts than these has none that are worth offering. */
const mostValues = 50;

interface Known {
  readonly model: string;
  readonly table: MetricsTable;
}

/** What conditions on a project's versions can be about, as it comes from the engine. */
export class FilterWords implements FilterVocabulary, vscode.Disposable {
  private readonly learned = new vscode.EventEmitter<void>();
  readonly onDidLearn = this.learned.event;
  private known: readonly Known[] = [];
  private readonly values = new Map<string, readonly string[]>();

  constructor(
    private readonly session: ProjectSession,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  get metrics(): string[] {
    return this.named('metric');
  }

  get parameters(): string[] {
    return this.named('parameter');
  }

  /** Nothing at first; once they were read `onDidLearn` tells. */
  readonly valuesOf = (parameter: string): readonly string[] => {
    const known = this.values.get(parameter);
    if (known === undefined) {
      this.values.set(parameter, []);
      void this.read(parameter).catch(this.failed);
    }
    return known ?? [];
  };

  /** Reads the names; a project that cannot be read offers none. */
  async load(): Promise<void> {
    try {
      const models = (await this.session.overview()).slice(0, mostModels);
      this.known = await Promise.all(
        models.map(async ({ name: model }) => ({
          model,
          table: await this.session.project.table({ model }),
        })),
      );
      this.learned.fire();
    } catch (thrown) {
      this.failed(thrown);
    }
  }

  dispose(): void {
    this.learned.dispose();
  }

  private named(kind: TableColumnKind): string[] {
    const columns = this.known.flatMap(({ table }) => table.columns);
    return [...new Set(columns.filter((one) => one.kind === kind).map(({ key }) => key))];
  }

  private async read(key: string): Promise<void> {
    const column = { kind: 'parameter', key } as const;
    const found = new Set<string>();
    for (const { model, table } of this.known) {
      if (!table.columns.some((one) => one.kind === 'parameter' && one.key === key)) continue;
      const ask = { model, edition: table.edition, columns: [column] };
      for (const { values } of (await this.session.project.tableColumns(ask)) ?? []) {
        for (const value of values) if (typeof value === 'string') found.add(value);
      }
    }
    if (found.size === 0 || found.size > mostValues) return;
    this.values.set(key, [...found].sort());
    this.learned.fire();
  }
}
