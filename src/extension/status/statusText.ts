import { figure } from '../../core/figures';
import { counted, shortReference } from '../../core/labels';
import { escaped } from '../../core/markdown';
import type { ModelOverview } from '../../operations/project';
import { metricText } from '../tree/versionFigures';
import { type ModelNotice, noticeText } from './modelNotice';

/** What stands where the current version would. */
export function noneText({ versions }: ModelOverview): string {
  return versions === 0 ? 'no version yet' : `none of ${counted(versions, 'version')}`;
}

/** `digits v7 · 0.951`; `digits: no version yet`. */
function modelStatusText(model: ModelOverview): string {
  const { name, current, currentRecord, primary } = model;
  if (current === null) return `${name}: ${noneText(model)}`;
  const value = primary === null ? undefined : currentRecord?.metrics[primary.metric];
  const metric = value === undefined ? '' : ` · ${figure(value)}`;
  return `${name} ${shortReference(current)}${metric}`;
}

/** The status bar's item: the notice where there is one, else the (first) model's version. */
export function statusText(
  models: readonly ModelOverview[],
  notices: readonly ModelNotice[],
): string | null {
  const [notice] = notices;
  if (notice !== undefined) {
    return models.length > 1 ? `${notice.model}: ${noticeText(notice)}` : noticeText(notice);
  }
  const shown = models.find(({ current }) => current !== null) ?? models[0];
  return shown === undefined ? null : modelStatusText(shown);
}

/** Markdown: all models of the project, each with its current version and metric. */
export function statusTooltip(
  models: readonly ModelOverview[],
  notices: readonly ModelNotice[],
): string {
  const lines = models.map((model) => {
    const { currentRecord, primary } = model;
    const notice = notices.find(({ model: name }) => name === model.name);
    const metric =
      currentRecord === null || primary === null ? '' : metricText(primary.metric, currentRecord);
    return [
      `**${escaped(model.name)}** ${escaped(model.current === null ? noneText(model) : shortReference(model.current))}`,
      escaped(metric),
      notice === undefined ? '' : escaped(noticeText(notice)),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  });
  return lines.join('\n\n');
}
