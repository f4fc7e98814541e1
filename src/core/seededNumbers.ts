/**
 * Numbers that look random and are the same for the same seed, so that what is computed with them
 * is the same wherever and whenever it is asked for. Not for secrets.
 * xoshiro128**: Blackman and Vigna (2021), "Scrambled linear pseudorandom number generators"; its
 * state is filled with SplitMix32 steps, as its authors advise.
 */
export class SeededNumbers {
  private readonly state: Uint32Array;

  constructor(seed: number) {
    let mix = seed >>> 0;
    this.state = Uint32Array.from({ length: 4 }, () => {
      mix = (mix + 0x9e3779b9) >>> 0;
      let word = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
      return (word ^ (word >>> 16)) >>> 0;
    });
  }

  /** Evenly spread in 0 ≤ x < 1, in steps of 2⁻³². */
  next(): number {
    const s = this.state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const scrambled = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    s[0] = a ^ d ^ b;
    s[1] = b ^ (c ^ a);
    s[2] = c ^ a ^ (b << 9);
    s[3] = rotated(d ^ b, 11);
    return scrambled / 2 ** 32;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** From a normal distribution with mean 0 and deviation 1: Box and Muller (1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /**
   * How often something of probability `chance` happens in `tries`. Counted by the gaps between
   * (Devroye 1986, X.4.3) where few are expected; where many are, drawn from the normal
   * distribution that it then follows closely.
   */
  binomial(tries: number, chance: number): number {
    if (tries <= 0 || chance <= 0) return 0;
    if (chance >= 1) return tries;
    if (chance > 0.5) return tries - this.binomial(tries, 1 - chance);
    const mean = tries * chance;
    if (mean >= 50) {
      const drawn = Math.round(mean + Math.sqrt(mean * (1 - chance)) * this.normal());
      return Math.max(0, Math.min(tries, drawn));
    }
    const scale = Math.log1p(-chance);
    let [count, at] = [-1, 0];
    do {
      count++;
      at += Math.floor(Math.log(1 - this.next()) / scale) + 1;
    } while (at <= tries);
    return count;
  }
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
