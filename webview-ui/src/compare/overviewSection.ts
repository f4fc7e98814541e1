import { html } from 'lit';
import { moreSentences } from '../../../src/core/comparisonMarkdown';
import type { ComparisonEvidence, SideWeights } from '../../../src/core/comparisonReport';
import type { CompareView } from '../../../src/wire/comparePanel';
import { section } from './tableSection';

/** The overview: for each side after the base what is different, in sentences. */
export function overviewSection(
  view: CompareView,
  evidence: ComparisonEvidence | null,
  weights: readonly SideWeights[],
) {
  const base = view.sides[0]?.title ?? '';
  const known = evidence ?? { predictions: [], tables: [] };
  return section(
    'overview',
    'Overview',
    view.overview.map(
      ({ side, sentences }) => html`<div class="story">
        <h3>${base} → ${view.sides[side]?.title ?? ''}</h3>
        <ul>
          ${[...sentences, ...moreSentences(side, known, weights)].map(
            (sentence) => html`<li>${sentence}</li>`,
          )}
        </ul>
      </div>`,
    ),
  );
}
