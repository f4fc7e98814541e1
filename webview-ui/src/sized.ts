import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

type Styles = Readonly<Record<string, string>>;

class Sized extends Directive {
  private before: Styles = {};

  render(_styles: Styles) {
    return noChange;
  }

  override update({ element }: ElementPart, [styles]: [Styles]) {
    const { style } = element as HTMLElement;
    for (const [name, value] of Object.entries(styles)) {
      if (this.before[name] !== value) style.setProperty(name, value);
    }
    for (const name of Object.keys(this.before)) {
      if (!Object.hasOwn(styles, name)) style.removeProperty(name);
    }
    this.before = styles;
    return noChange;
  }
}

/**
 * Sets styles on the element that it stands in, for sizes that no style sheet knows. Through the
 * style object, because the page allows no style attributes.
 */
export const sized = directive(Sized);
