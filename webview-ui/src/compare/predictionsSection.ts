import { html, nothing, type TemplateResult } from 'lit';
import type { ComparisonEvidence, PredictionEvidence } from '../../../src/core/comparisonReport';
import type { FlippedExample } from '../../../src/core/predictionComparison';
import { chanceSentence } from '../../../src/core/predictionSentences';
import type { CompareView } from '../../../src/wire/comparePanel';
import { matching } from '../textSearch';
import { confusionMatrices } from './matrices';
import { section } from './tableSection';

export interface PredictionsParts {
  readonly view: CompareView;
  /** `null` while it is on its way. */
  readonly evidence: ComparisonEvidence | null;
  readonly filter: string;
  /** How many flipped examples of a side are shown. */
  readonly shown: (side: number) => number;
  readonly showMore: (side: number) => void;
  readonly openExample: (side: number, row: number) => void;
}

/** What the same examples were predicted to be: what flipped, whether by chance, and confusion. */
export function predictionsSection(parts: PredictionsParts): TemplateResult {
  return section('predictions', 'Predictions', content(parts));
}

function content(parts: PredictionsParts) {
  const { evidence, view } = parts;
  if (evidence === null) return html`<p class="quiet" role="status">Reading the predictions …</p>`;
  if (evidence.predictions.length === 0) {
    return html`<p class="quiet">
      Predictions are not kept with both sides. They are when cairn.yaml names their file:
      <span class="mono">predictions: predictions.csv</span>, with the columns y_true and y_pred.
    </p>`;
  }
  return evidence.predictions.map((one) => {
    const title = view.sides[one.side]?.title ?? '';
    const heading = view.sides.length === 2 ? nothing : html`<h3 class="of">${title}</h3>`;
    return html`${heading} ${judged(one, title, parts)}`;
  });
}

function judged(one: PredictionEvidence, title: string, parts: PredictionsParts) {
  if ('why' in one) {
    return html`<p class="quiet">The predictions cannot be compared: ${one.why}.</p>`;
  }
  const base = parts.view.sides[0]?.title ?? '';
  const sentence = chanceSentence(one);
  return html`<p class="verdict">${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.</p>
    ${
      one.unpaired === 0
        ? nothing
        : html`<p class="quiet">${one.unpaired} examples are in one of the files only.</p>`
    }
    ${flipsTable(one, [base, title], parts)}
    ${
      one.confusion === null
        ? nothing
        : confusionMatrices(one.confusion.from, one.confusion.to, [base, title])
    }`;
}

type Judged = Exclude<PredictionEvidence, { why: string }>;

function flipsTable(
  { side, flipped, flips }: Judged,
  [base, title]: readonly [string, string],
  { filter, shown, showMore, openExample }: PredictionsParts,
) {
  if (flipped.length === 0) return nothing;
  const fitting = flipped.filter((one) =>
    matching(filter, exampleName(one), one.truth, one.from, one.to, one.became),
  );
  const rows = fitting.slice(0, shown(side));
  const total = flips.right + flips.wrong;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Flipped examples">
      <table class="list flips">
        <caption>
          Examples that flipped: ${flips.wrong} right → wrong, ${flips.right} wrong → right
        </caption>
        <thead>
          <tr>
            <th scope="col">Example</th>
            <th scope="col">Truth</th>
            <th scope="col">${base}</th>
            <th scope="col">${title}</th>
            <th scope="col">Became</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (one) => html`<tr>
              <td>
                <button
                  class="link"
                  title="Open its row in the data"
                  @click=${() => openExample(side, one.row)}
                >
                  ${exampleName(one)}
                </button>
              </td>
              <td>${one.truth}</td>
              <td>${one.from}</td>
              <td>${one.to}</td>
              <td class=${one.became === 'right' ? 'better' : 'worse'}>${one.became}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      rows.length === fitting.length
        ? nothing
        : html`<button class="link" @click=${() => showMore(side)}>
            Show more of ${fitting.length}
          </button>`
    }
    ${fitting.length === flipped.length && total > flipped.length ? html`<p class="quiet">The first ${flipped.length} of ${total} are listed.</p>` : nothing}`;
}

function exampleName({ id, row }: FlippedExample): string {
  return id ?? `row ${row + 1}`;
}
