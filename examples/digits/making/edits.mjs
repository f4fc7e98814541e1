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

const dataset = (preprocessing) => `    datasets:
      - path: data/digits.csv
        source: UCI Machine Learning Repository, https://doi.org/10.24432/C50P49
        preprocessing: ${preprocessing}
`;

/** Declares the data set in cairn.yaml, or says anew how its data is handled. */
export function describeData(path, words) {
  const text = readFileSync(path, 'utf8');
  const preprocessing = /^( +(?:- )?preprocessing: ).*$/m;
  const model = /^ {2}digits:[ \t]*\r?\n/m;
  const quoted = JSON.stringify(words);
  if (preprocessing.test(text)) {
    writeFileSync(
      path,
      text.replace(preprocessing, (_, key) => key + quoted),
    );
  } else if (model.test(text)) {
    writeFileSync(
      path,
      text.replace(model, (line) => line + dataset(quoted)),
    );
  } else {
    throw new MakeFailure(
      `${path} does not name the model digits, so its data set cannot be declared there.`,
      'Build Cairn anew with `npm run build` and try again.',
    );
  }
}
