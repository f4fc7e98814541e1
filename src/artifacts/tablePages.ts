/** Of some 16 KiB each, of all tables together. */
const mostPages = 512;

/** The pages of tables that were looked at last: memory that does not grow with the store. */
export class TablePages {
  readonly #pages = new Map<string, Promise<Buffer>>();

  /** @param read what it is, where it is not here */
  async get(key: string, read: () => Promise<Buffer>): Promise<Buffer> {
    const page = this.#pages.get(key) ?? read();
    this.#pages.delete(key);
    this.#pages.set(key, page);
    if (this.#pages.size > mostPages) {
      for (const oldest of this.#pages.keys()) {
        this.#pages.delete(oldest);
        break;
      }
    }
    try {
      return await page;
    } catch (error) {
      this.#pages.delete(key);
      throw error;
    }
  }
}
