import * as vscode from 'vscode';
import { shortReference } from '../../core/labels';
import { sameParameter } from '../../core/parameters';
import type { ParameterDetail, ValueRow } from '../../core/pastValues';
import type { Desk } from '../desk';
import { commandAddress, hoverText, type RowLinks, useTitle } from './hoverText';
import { inlineSettings } from './inlineSettings';
import type { InlineSource } from './inlineSource';
import { editOf, type ValueUse } from './useValue';
import { pictureAddress, pictureColours, valuePicture } from './valuePicture';

/** Earlier values that the code actions of a line offer. */
const mostActions = 5;

/** The table of a parameter's values over its line. */
export class ValueHover implements vscode.HoverProvider {
  constructor(
    private readonly desk: Desk,
    private readonly source: InlineSource,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | null> {
    if (!inlineSettings(document).hover) return null;
    const detail = await detailAt(this.desk, this.source, document, position);
    if (detail === null || !tells(detail, inlineSettings(document).constants)) return null;
    const picture = valuePicture(detail, pictureColours[themeKind()]);
    const address = picture === null ? null : pictureAddress(picture);
    const links = (row: ValueRow) => linksOf(document, detail, row);
    const text = new vscode.MarkdownString(hoverText(detail, links, address));
    text.isTrusted = {
      enabledCommands: ['cairn.compare', 'cairn.rollback', 'cairn.inline.useValue'],
    };
    return new vscode.Hover(text, literalRange(document, detail));
  }
}

/** *Use this value* for the earlier values of the line's parameter. */
export class ValueActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.RefactorRewrite];

  constructor(
    private readonly desk: Desk,
    private readonly source: InlineSource,
  ) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
  ): Promise<vscode.CodeAction[]> {
    // Asked at each move of the cursor: lines with nothing to tell cost nothing.
    if (!inlineSettings(document).codeActions || !this.tellsOn(document, range.start.line))
      return [];
    const detail = await detailAt(this.desk, this.source, document, range.start);
    if (detail === null) return [];
    return detail.rows
      .filter(({ value }) => !sameParameter(value, detail.value))
      .slice(0, mostActions)
      .flatMap((row) => actionOf(document, detail, row));
  }

  private tellsOn(document: vscode.TextDocument, line: number): boolean {
    const told = this.source.last(document);
    return (
      told?.values.parameters.some(
        ({ text, end }) => text === told.asked.text && document.positionAt(end).line === line,
      ) === true
    );
  }
}

function actionOf(
  document: vscode.TextDocument,
  detail: ParameterDetail,
  row: ValueRow,
): vscode.CodeAction[] {
  const edit = editOf(document, useOf(document, detail, row));
  if (edit === null) return [];
  const action = new vscode.CodeAction(
    useTitle(row, detail.metric),
    vscode.CodeActionKind.RefactorRewrite,
  );
  action.edit = edit;
  return [action];
}

async function detailAt(
  desk: Desk,
  source: InlineSource,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<ParameterDetail | null> {
  if (!source.concerns(document)) return null;
  const asked = source.askedOf(document);
  if (asked === null || asked.text < 0) return null;
  const { session, path, texts, text } = asked;
  const { version } = document;
  try {
    const offset = document.offsetAt(position);
    const detail = await session.project.parameterDetail({ path, texts, text, offset });
    return document.version === version ? detail : null;
  } catch (thrown) {
    desk.reporter.noted('Past values', thrown);
    return null;
  }
}

/** Whether there is more to say than the one value that it always had. */
function tells({ rows, value }: ParameterDetail, constants: boolean): boolean {
  const [first] = rows;
  if (first === undefined) return false;
  return constants || rows.length > 1 || !sameParameter(first.value, value);
}

function literalRange(
  document: vscode.TextDocument,
  { start, end }: ParameterDetail,
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function useOf(document: vscode.TextDocument, detail: ParameterDetail, row: ValueRow): ValueUse {
  const { start, end } = detail;
  const literal = document.getText(literalRange(document, detail));
  return { uri: document.uri.toString(), start, end, literal, written: row.written };
}

function linksOf(document: vscode.TextDocument, detail: ParameterDetail, row: ValueRow): RowLinks {
  const { current, value } = detail;
  const other = current !== null && shortReference(row.at) !== shortReference(current);
  return {
    compare: other ? commandAddress('cairn.compare', row.at, [row.at, current]) : null,
    rollBack: commandAddress('cairn.rollback', row.at),
    use: sameParameter(row.value, value)
      ? null
      : commandAddress('cairn.inline.useValue', useOf(document, detail, row)),
  };
}

function themeKind(): keyof typeof pictureColours {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.HighContrast:
      return 'highContrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'highContrastLight';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
  }
}
