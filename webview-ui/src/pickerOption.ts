/** What a picker offers: the value that it tells, and what a person reads. */
export interface PickerOption {
  readonly value: string;
  readonly text: string;
}
