import { type SeriesPiece, seriesPieces } from '../core/series';
import { escapeGlob } from './globs';
import type { ModelUnit } from './units';

/**
 * The glob of a file's series: what differs becomes a wildcard, but one that takes in as little
 * else as it can, for other models may lie in the same directory (`{best,last,final}.pt`).
 */
function seriesGlob(path: string): string {
  return seriesPieces(path).map(pieceGlob).join('');
}

function pieceGlob(piece: SeriesPiece, index: number, all: readonly SeriesPiece[]): string {
  if (piece.kind === 'text') return escapeGlob(piece.text);
  if (piece.kind === 'rank') return rankGlob(piece.text);
  const before = all[index - 1];
  const hasKey = before?.kind === 'text' && before.text.endsWith('=');
  return piece.counted || hasKey ? '*' : '[0-9]*';
}

function rankGlob(word: string): string {
  const words = ['best', 'last', 'final'];
  if (word.toLowerCase() === 'latest') words.push('latest');
  const cased = words.map((each) => {
    if (word === word.toUpperCase()) return each.toUpperCase();
    return /^[A-Z]/.test(word) ? `${each[0]?.toUpperCase()}${each.slice(1)}` : each;
  });
  return `{${cased.join(',')}}`;
}

/** The globs that a unit of a series is found by; other members of it have the same or a few more. */
export function unitGlobs({ kind, path, files }: ModelUnit): string[] {
  const isFolder = kind === 'saved-model' || kind === 'pretrained';
  if (!isFolder || path === '') return [...new Set(files.map((file) => seriesGlob(file.path)))];
  const deep = files.some((file) => file.path.slice(path.length + 1).includes('/'));
  return [`${folderGlob(path)}/${deep ? '**' : '*'}`];
}

/** Of a folder's name nothing is an ending. */
export function folderGlob(path: string): string {
  return path === '' ? '' : seriesGlob(`${path}/x`).slice(0, -2);
}
