/** One place where the floors are broken. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string | null;
}

export interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
}

export function violations(root: string, rules?: Rules): Promise<readonly Violation[]>;
export function configuration(): Rules;
