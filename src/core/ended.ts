/**
 * All outcomes, once nothing is under way any more that could still use what the others share. Of
 * several failures the first in their order is thrown.
 */
export async function allEnded<T extends readonly unknown[]>(
  works: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(works);
  return (await Promise.all(works)) as unknown as T;
}
