/** A value that is read once and kept until it is dropped; whoever asks meanwhile shares the read. */
export class Kept<T> {
  private value: Promise<T> | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  get(): Promise<T> {
    if (this.value === null) {
      const reading = this.read();
      this.value = reading;
      // A failure is told to those who asked and not kept: the next one reads again.
      reading.catch(() => {
        if (this.value === reading) this.value = null;
      });
    }
    return this.value;
  }

  drop(): void {
    this.value = null;
  }
}
