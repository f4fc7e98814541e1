/** What Python literals of text and numbers mean. https://docs.python.org/3/reference/lexical_analysis.html */

const simpleEscapes: Readonly<Record<string, string>> = {
  ...{ '\n': '', '\\': '\\', "'": "'", '"': '"' },
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};
const escapeSequence =
  /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(\r\n|[\s\S]))/g;
const stringLiteral = /^([A-Za-z]{0,2})("""|'''|"|')([\s\S]*)\2$/;

/** The text that a string literal stands for; `null` for bytes, formatted strings and `\N{…}`. */
export function readString(literal: string): string | null {
  const match = stringLiteral.exec(literal);
  if (match === null) return null;
  const [, prefix = '', , body = ''] = match;
  if (/[bft]/i.test(prefix)) return null;
  return /r/i.test(prefix) ? body : unescaped(body);
}

function unescaped(body: string): string | null {
  let readable = true;
  const text = body.replace(
    escapeSequence,
    (whole, octal, hex, short, long, other: string | undefined) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const digits: string | undefined = hex ?? short ?? long;
      if (digits !== undefined) {
        const code = Number.parseInt(digits, 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
        readable = false;
        return '';
      }
      const simple = other === '\r\n' ? '' : simpleEscapes[other ?? ''];
      // The names of characters, and escapes cut short, are nothing that a hyperparameter holds.
      if (simple === undefined && /^[NuUx]$/.test(other ?? '')) readable = false;
      return simple ?? whole;
    },
  );
  return readable ? text : null;
}

/**
 * The number that a literal stands for: decimal, hexadecimal, octal, binary, with underscores.
 * A whole number that JavaScript cannot hold exactly is its decimal text. `null` for imaginary ones.
 */
export function readNumber(literal: string): number | string | null {
  const text = literal.replaceAll('_', '').toLowerCase();
  // 007 is an error, and was octal once; 000 is zero.
  if (/^0\d*[1-9]/.test(text) && /^\d+$/.test(text)) return null;
  if (/^0[xob][0-9a-f]+$/.test(text) || /^\d+$/.test(text)) {
    const whole = BigInt(text);
    const number = Number(whole);
    return String(number) === String(whole) ? number : String(whole);
  }
  if (!/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : String(number);
}
