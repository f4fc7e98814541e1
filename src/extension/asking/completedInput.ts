import * as vscode from 'vscode';
import type { CompletedQuestion } from './prompts';

/** `take`: what is typed then; `null` for the text as it is. */
interface Row extends vscode.QuickPickItem {
  readonly take: string | null;
}

/**
 * Asks for a text and offers what may come next. The first row takes the text as it is, which Enter
 * does; each other one completes the text and asks on. While `check` finds fault with the text, its
 * reason stands in the first row and nothing is taken.
 */
export function askCompleted(question: CompletedQuestion): Promise<string | undefined> {
  const { title, placeholder = '', value = '', accept, check } = question;
  const input = vscode.window.createQuickPick<Row>();
  Object.assign(input, { title, placeholder, value, ignoreFocusOut: true });
  const offer = () => {
    const wrong = check?.(input.value) ?? null;
    const first =
      wrong === null
        ? { label: `$(check) ${accept(input.value)}` }
        : { label: `$(warning) ${wrong}` };
    input.items = [
      { ...first, take: null, alwaysShow: true },
      ...completions(question, input.value),
    ];
    input.activeItems = input.items.slice(0, 1);
  };
  const learned = question.onDidLearn(offer);
  offer();
  return new Promise((resolve) => {
    let answer: string | undefined;
    input.onDidChangeValue(offer);
    input.onDidAccept(() => {
      const take = input.activeItems[0]?.take ?? null;
      if (take !== null) {
        input.value = take;
        offer();
      } else if ((check?.(input.value) ?? null) === null) {
        answer = input.value;
        input.hide();
      }
    });
    input.onDidHide(() => {
      learned.dispose();
      input.dispose();
      resolve(answer);
    });
    input.show();
  });
}

function completions({ complete }: CompletedQuestion, text: string): Row[] {
  const { start, end, suggestions } = complete(text);
  return suggestions.map((suggestion) => ({
    label: suggestion.text,
    description: suggestion.detail,
    take: `${text.slice(0, start)}${suggestion.text} ${text.slice(end)}`,
    // What is typed is a whole condition, which no row has in it.
    alwaysShow: true,
  }));
}
