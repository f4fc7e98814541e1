import type { FileChange } from '../../core/comparison';
import { searchOf } from '../../core/filter';
import { modelOf } from '../../core/labels';
import type { VersionRecord } from '../../core/version';
import type { ModelOverview, ModelStatus, Project } from '../../operations/project';
import type { ModelNotice } from '../status/modelNotice';
import type { Row } from './rows';
import {
  codeRows,
  dataRows,
  environmentRows,
  fileRows,
  fullReference,
  metricRows,
  parameterRows,
  workingRows,
} from './versionDetails';
import {
  hasChanges,
  type Section,
  sections,
  type VersionNode,
  type VersionsNode,
} from './versionNodes';

/** Rows of one page. */
export const pageSize = 200;
/** A model more than this and they begin folded. */
const mostUnfolded = 3;

/** Where the tree reads from: a project, and what of it is kept fresh elsewhere. */
export interface VersionsSource {
  readonly project: Pick<Project, 'log' | 'show' | 'compare' | 'codeOf'>;
  overview(): Promise<readonly ModelOverview[]>;
  /** As last seen; empty where the working files may not be looked at. */
  readonly statuses: readonly ModelStatus[];
}

/** How the versions are listed. */
export interface Listing {
  /** Free text, or a condition such as `val_accuracy > 0.9`. */
  readonly filter: string;
  /** As in `LogRequest.sort`; `null`: newest first. */
  readonly sort: string | null;
}

/** The nodes of the Versions view: what is below what, read page by page. */
export class VersionsTree {
  private readonly pages = new Map<string, number>();
  private readonly records = new Map<string, VersionRecord>();
  /** How many versions the filter lets through, by model; filled while children are read. */
  readonly matches = new Map<string, number>();

  constructor(
    private readonly source: VersionsSource,
    readonly listing: Listing,
    private readonly notices: () => readonly ModelNotice[] = () => [],
  ) {}

  /** One page more of a model's versions or backups. */
  showMore(model: string, backups: boolean): void {
    const key = pageKey(model, backups);
    this.pages.set(key, (this.pages.get(key) ?? 1) + 1);
  }

  async children(node?: VersionsNode): Promise<VersionsNode[]> {
    if (node === undefined) return this.models();
    switch (node.kind) {
      case 'model':
        return this.ofModel(node.model);
      case 'backups':
        return this.versions(node.model, true);
      case 'working':
        return details(workingRows(node.status));
      case 'version':
        return sectionsOf(node);
      case 'section':
        return details(await this.sectionRows(node.of, node.section));
      case 'detail':
      case 'more':
        return [];
    }
  }

  private async models(): Promise<VersionsNode[]> {
    const models = await this.source.overview();
    const only = models.length <= mostUnfolded;
    return models.map((model) => ({ kind: 'model', model, only }));
  }

  private async ofModel(model: ModelOverview): Promise<VersionsNode[]> {
    const versions = await this.versions(model, false);
    // After a commit or a rollback the last look is out of date, until the next one comes in.
    const status = this.source.statuses.find(
      (one) => one.model === model.name && one.current === model.current,
    );
    const notice = this.notices().find((one) => one.model === model.name) ?? null;
    return [
      ...(status !== undefined && hasChanges(status)
        ? [{ kind: 'working', model, status, notice } as const]
        : []),
      ...versions,
      ...(model.backups > 0 && this.listing.filter === ''
        ? [{ kind: 'backups', model } as const]
        : []),
    ];
  }

  private async versions(model: ModelOverview, backups: boolean): Promise<VersionsNode[]> {
    const limit = (this.pages.get(pageKey(model.name, backups)) ?? 1) * pageSize;
    const { versions, total } = await this.source.project.log({
      model: model.name,
      limit,
      ...(backups ? { backups: true } : listingRequest(this.listing)),
    });
    if (!backups) this.matches.set(model.name, total);
    for (const record of versions) this.records.set(fullReference(record), record);
    const nodes: VersionsNode[] = await Promise.all(
      versions.map(async (record) => ({
        kind: 'version' as const,
        record,
        parent: await this.parentOf(record),
        model,
      })),
    );
    if (versions.length < total) {
      nodes.push({ kind: 'more', model, backups, shown: versions.length, total });
    }
    return nodes;
  }

  /** Revisions never change, so a record that was read once is not asked for again. */
  private async parentOf({ parent, model }: VersionRecord): Promise<VersionRecord | null> {
    if (parent === null || modelOf(parent) !== model) return null;
    const known = this.records.get(parent);
    if (known !== undefined) return known;
    const { version } = await this.source.project.show({ reference: parent });
    this.records.set(parent, version);
    return version;
  }

  private async sectionRows(of: VersionNode, section: Section): Promise<Row[]> {
    switch (section) {
      case 'Metrics':
        return metricRows(of);
      case 'Parameters':
        return parameterRows(of);
      case 'Model Files':
        return fileRows(of);
      case 'Data':
        return dataRows(of);
      case 'Environment':
        return environmentRows(of);
      case 'Code':
        return codeRows(of, await this.codeChanges(of.record));
    }
  }

  /** Against the parent; a first version shows all its code as added. */
  private async codeChanges(record: VersionRecord): Promise<readonly FileChange[]> {
    const { project } = this.source;
    const reference = fullReference(record);
    if (record.parent !== null) {
      return (await project.compare({ from: record.parent, to: reference })).code.files;
    }
    const files = await project.codeOf({ reference });
    return files.map(({ path }) => ({ path, status: 'added' }));
  }
}

/** What a listing asks of `log`: text with a comparison sign in it is a condition. */
export function listingRequest({ filter, sort }: Listing): {
  text?: string;
  where?: string;
  sort?: string;
} {
  const search = searchOf(filter);
  return {
    ...(search.kind === 'words' ? { text: search.text } : {}),
    ...(search.kind === 'condition' ? { where: search.text } : {}),
    ...(sort === null ? {} : { sort }),
  };
}

function pageKey(model: string, backups: boolean): string {
  return `${model}/${backups ? 'backups' : 'versions'}`;
}

function sectionsOf(of: VersionNode): VersionsNode[] {
  return sections
    .filter((section) => section !== 'Data' || of.record.datasets.length > 0)
    .map((section) => ({ kind: 'section', of, section }));
}

function details(rows: readonly Row[]): VersionsNode[] {
  return rows.map((row) => ({ kind: 'detail', row }));
}
