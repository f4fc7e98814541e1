/** Something outside this program stood in the way: what happened, and what to do about it. */
export class MakeFailure extends Error {
  /**
   * @param {string} sentence what happened
   * @param {string} remedy what the person should do next
   */
  constructor(sentence, remedy) {
    super(`${sentence}\n${remedy}`);
    this.name = 'MakeFailure';
  }
}
