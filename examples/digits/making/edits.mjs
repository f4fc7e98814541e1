import { readFileSync, writeFileSync } from 'node:fs';
import { MakeFailure } from './makeFailure.mjs';

/**
 * Returns Python source with the top-level assignment of `name` replaced by `literal`.
 * A name that is not assigned exactly once is a mistake in the list of versions.
 */
function withAssignment(source, name, literal) {
  const assignment = new RegExp(`^${name} = [^\\r\\n]*`, 'gm');
  if (source.match(assignment)?.length !== 1) {
    throw new Error(`train.py does not assign ${name} exactly once`);
  }
  return source.replace(assignment, () => `${name} = ${literal}`);
}

/** Changes assignments of a Python file the way a person would, in place. */
export function editAssignments(path, edits) {
  let source = readFileSync(path, 'utf8');
  for (const [name, literal] of Object.entries(edits)) {
    source = withAssignment(source, name, literal);
  }
  writeFileSync(path, source);
}

const source = 'UCI Machine Learning Repository, https://doi.org/10.24432/C50P49';

/**
 * Declares the data set in cairn.yaml, or says anew how its data is handled. The file is edited as
 * text, so that the comments in it stay.
 */
export function describeData(path, words) {
  const text = readFileSync(path, 'utf8');
  const preprocessing = `preprocessing: ${JSON.stringify(words)}`;
  const edits = [
    [/^( +)preprocessing: .*$/m, (_, indent) => `${indent}${preprocessing}`],
    [
      /^( +)- path: "?data\/digits\.csv"?[ \t]*$/m,
      (line, indent) => `${line}\n${indent}  source: ${source}\n${indent}  ${preprocessing}`,
    ],
    [
      /^ {2}digits:[ \t]*$/m,
      (line) =>
        `${line}\n    datasets:\n      - path: data/digits.csv\n        source: ${source}\n        ${preprocessing}`,
    ],
  ];
  const fitting = edits.find(([place]) => place.test(text));
  if (fitting === undefined) {
    throw new MakeFailure(
      `${path} does not name the model digits, so its data set cannot be declared there.`,
      'Build Cairn anew with `npm run build` and try again.',
    );
  }
  writeFileSync(path, text.replace(...fitting));
}
