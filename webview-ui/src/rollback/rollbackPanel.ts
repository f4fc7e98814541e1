import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type RollbackPart, rollbackParts } from '../../../src/core/plan';
import {
  type PartRow,
  type RollbackContract,
  type RollbackEvents,
  type RollbackState,
  type RollbackView,
  readRollbackState,
  rollbackEventReaders,
} from '../../../src/wire/rollbackPanel';
import type { CheckboxControl, ValueControl } from '../controls';
import { Host } from '../host';
import { icons } from '../icons';
import { beginning, keepsake } from '../keeping';
import { messageOf, nothingToShow, problemNotice, waitingNotice, warningNotice } from '../notices';
import { panelStyles, tableStyles } from '../styles';
import { backupLine, planSections } from './planSections';
import { hindrance, toggled } from './planWords';
import { type RollbackOwn, readRollbackOwn } from './state';
import { rollbackStyles } from './styles';

/** Where the panel is: choosing (the plan is shown), applying, or done. */
type Stage = 'choosing' | 'applying' | 'done';

/** The Roll Back panel: what would happen, which parts of it are wanted, and the button. */
@customElement('cairn-rollback')
export class RollbackPanel extends LitElement {
  static override styles = [panelStyles, tableStyles, rollbackStyles];

  /** What the page says, as JSON. */
  given: string | undefined;

  @state() private view: RollbackView | null = null;
  @state() private only: readonly RollbackPart[] = rollbackParts;
  @state() private own: RollbackOwn = { reason: '' };
  @state() private stage: Stage = 'choosing';
  /** Requests for a plan that are under way: only the last one's answer counts. */
  @state() private loading = 0;
  /** Whether the plan is made anew because other parts were chosen. */
  @state() private remaking = false;
  @state() private problem: string | null = null;
  @state() private note = '';
  @state() private progress: RollbackEvents['progress'] = { text: '', fraction: null };

  private readonly host = new Host<RollbackContract, RollbackEvents>(rollbackEventReaders);
  private shown: RollbackState | null = null;
  private lastLoad = 0;
  /** The plan that was on the page when the button was pressed while the files were looked at again. */
  private agreed: RollbackView | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.pressed);
    const kept = this.host.recall();
    const begun = beginning(this.given, kept, readRollbackState, readRollbackOwn, this.own);
    if (begun === null) {
      this.problem = nothingToShow;
      return;
    }
    this.shown = begun.state;
    this.only = begun.state.only;
    this.own = begun.own;
    this.host.on('changed', () => void this.load());
    this.host.on('progress', (progress) => {
      // Also of a rollback that began before this panel was hidden and shown again.
      if (this.stage === 'choosing') this.stage = 'applying';
      this.progress = progress;
    });
    this.host.onLateReply((refusal) => void this.endedLate(refusal));
    this.keep();
    void this.load();
  }

  private keep(): void {
    if (this.shown === null) return;
    const state: RollbackState = { ...this.shown, only: this.only };
    this.host.keep(keepsake(this.given, { state, own: this.own }));
  }

  private readonly load = async (): Promise<void> => {
    if (this.stage !== 'choosing') return;
    const mine = ++this.lastLoad;
    this.loading = mine;
    const first = this.view === null;
    try {
      const view = await this.host.ask('load', { only: this.only });
      if (mine !== this.lastLoad) return;
      this.view = view;
      this.problem = null;
    } catch (thrown) {
      if (mine !== this.lastLoad) return;
      this.problem = messageOf(thrown);
    }
    this.loading = 0;
    this.remaking = false;
    await this.applyAgreed();
    if (first) await this.focusFirst();
  };

  /** Does what was agreed to meanwhile, if the plan is still that one. */
  private async applyAgreed(): Promise<void> {
    const { agreed, view, problem } = this;
    this.agreed = null;
    if (agreed === null || view === null || problem !== null) return;
    if (isSamePlan(agreed, view)) return this.apply();
    this.note = 'The files changed meanwhile, and the plan with them. Look at it once more.';
  }

  private async focusFirst(): Promise<void> {
    await this.updateComplete;
    const first = this.renderRoot.querySelector<HTMLElement>('vscode-checkbox:not([disabled])');
    first?.focus();
  }

  private choose(part: RollbackPart, box: CheckboxControl): void {
    const { view } = this;
    // The control also tells of changes that the panel itself made.
    if (view === null || box.checked === this.only.includes(part)) return;
    this.only = toggled(view.parts, this.only, part);
    this.keep();
    this.remaking = true;
    void this.load();
  }

  private get why(): string | null {
    if (this.view === null) return 'The plan is not there yet.';
    if (this.remaking) return 'The plan is being made anew.';
    return hindrance(this.view, this.only);
  }

  private readonly apply = async (): Promise<void> => {
    if (this.stage !== 'choosing' || this.why !== null) return;
    if (this.loading !== 0) {
      this.agreed = this.view;
      return;
    }
    this.stage = 'applying';
    this.note = '';
    this.progress = { text: 'Starting', fraction: null };
    try {
      const { applied } = await this.host.ask('apply', {
        only: this.only,
        reason: this.own.reason.trim(),
      });
      this.stage = applied ? 'done' : 'choosing';
      if (!applied) this.note = 'Called off. Nothing was changed.';
      this.problem = null;
    } catch (thrown) {
      this.stage = 'choosing';
      this.problem = messageOf(thrown);
    }
    if (this.stage === 'choosing') await this.reloadAfterTrying();
  };

  private async endedLate(refusal: string | null): Promise<void> {
    if (this.stage !== 'applying') return;
    this.stage = 'choosing';
    this.problem = refusal;
    await this.reloadAfterTrying();
  }

  /** What was tried may have changed the plan; why it failed stays on the page. */
  private async reloadAfterTrying(): Promise<void> {
    const { problem } = this;
    await this.load();
    this.problem ??= problem;
  }

  private readonly cancel = (): void => {
    void this.host.ask('cancel', {}).catch((thrown: unknown) => {
      this.problem = messageOf(thrown);
    });
  };

  private readonly openCode = (): void => {
    void this.host.ask('openCode', {}).catch((thrown: unknown) => {
      this.problem = messageOf(thrown);
    });
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.cancel();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.apply();
    }
  };

  private readonly reasoned = (event: Event): void => {
    this.own = { reason: (event.target as ValueControl).value };
    this.keep();
  };

  override render() {
    if (this.stage === 'done') return this.doneView();
    const { view } = this;
    return html`
      <div class="page">
        ${this.problem === null ? nothing : problemNotice(this.problem, () => void this.load())}
        ${view === null ? this.firstView() : this.planView(view)}
      </div>
      ${view === null ? nothing : this.footer(view)}
      <div class="hidden" role="status">${this.note}</div>
    `;
  }

  private firstView() {
    return this.problem === null ? waitingNotice('Working out what would change …') : nothing;
  }

  private planView(view: RollbackView) {
    const why = hindrance(view, this.only);
    return html`
      <header>
        <h1>Roll Back to ${view.title}</h1>
        ${view.description === '' ? nothing : html`<p>${view.description}</p>`}
        <p class="quiet">${view.model} · ${view.detail}</p>
        ${
          view.current === null
            ? nothing
            : html`<p class="quiet">The working files came from ${view.current}.</p>`
        }
      </header>
      ${view.refused === null ? nothing : problemNotice(view.refused, () => void this.load())}
      ${view.warnings.map(warningNotice)} ${this.note === '' ? nothing : warningNotice(this.note)}
      <fieldset>
        <legend>What to roll back</legend>
        <div class="parts">${view.parts.map((part) => this.partBox(part))}</div>
      </fieldset>
      <div class="plan" aria-busy=${this.loading === 0 ? 'false' : 'true'}>
        <h2>What happens</h2>
        ${view.empty && why !== null && view.refused === null ? html`<p class="quiet">${why}</p>` : nothing}
        ${planSections(view)}
      </div>
    `;
  }

  private partBox({ part, title, summary, available }: PartRow) {
    return html`<vscode-checkbox
      data-part=${part}
      ?disabled=${!available || this.stage !== 'choosing'}
      .checked=${available && this.only.includes(part)}
      @change=${(event: Event) => {
        if (available) this.choose(part, event.target as CheckboxControl);
      }}
    >
      <span class="part-name">${title}</span>
      <span class="part-summary quiet">${summary}</span>
    </vscode-checkbox>`;
  }

  private footer(view: RollbackView) {
    return html`<footer>
      <div class="foot">
        ${this.stage === 'applying' ? this.progressView() : this.reasonField()}
        ${view.empty ? nothing : backupLine(view)}
        <div class="buttons">
          <span class="spring"></span>
          <vscode-button
            appearance="secondary"
            ?disabled=${view.code.length === 0}
            @click=${this.openCode}
            >Open Code Diff</vscode-button
          >
          <vscode-button appearance="secondary" title="Cancel (Escape)" @click=${this.cancel}
            >Cancel</vscode-button
          >
          <vscode-button
            ?disabled=${this.why !== null || this.stage !== 'choosing'}
            title=${this.why ?? 'Roll Back (Ctrl+Enter)'}
            @click=${this.apply}
            >Roll Back</vscode-button
          >
        </div>
      </div>
    </footer>`;
  }

  private reasonField() {
    return html`<vscode-text-field
      class="reason"
      placeholder="Optional"
      maxlength="1000"
      .value=${this.own.reason}
      @input=${this.reasoned}
      >Why, for the log</vscode-text-field
    >`;
  }

  private progressView() {
    const { text, fraction } = this.progress;
    return html`<p class="progress-words">
        ${fraction === null ? html`<vscode-progress-ring aria-hidden="true"></vscode-progress-ring>` : nothing}
        <span role="status">${text}</span>
      </p>
      <progress aria-label="Rolling back" max="1" value=${fraction ?? nothing}></progress>`;
  }

  private doneView() {
    return html`<div class="page done" role="status">
      <h1>${icons.better} Rolled back to ${this.view?.title}</h1>
      <p class="quiet">
        What was there before is backed up. “Cairn: Undo Last Operation” brings it back.
      </p>
    </div>`;
  }
}

/** How long ago a version was made is no part of the plan. */
function isSamePlan(one: RollbackView, other: RollbackView): boolean {
  return JSON.stringify({ ...one, detail: '' }) === JSON.stringify({ ...other, detail: '' });
}
