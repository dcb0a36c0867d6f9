const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** By code unit: the digit's value. */
const values = new Uint8Array(128);
for (let value = 0; value < digits.length; value++) values[digits.charCodeAt(value)] = value;

/** Whether another digit of the same number follows. */
const more = 32;

/** Ascending numbers as what each adds to the one before, five bits a character: nothing in it has to be escaped. */
export class NumbersText {
  text = '';
  #last = 0;

  add(number: number): void {
    let rest = number - this.#last;
    this.#last = number;
    for (; rest >= more; rest = Math.floor(rest / more)) this.text += digits[(rest % more) + more] ?? '';
    this.text += digits[rest] ?? '';
  }
}

/** Reads them back, onto the end of `numbers`. @param from where they begin in the text */
export function readNumbers(text: string, from: number, numbers: number[]): void {
  let [last, value, factor] = [0, 0, 1];
  for (let at = from; at < text.length; at++) {
    const digit = values[text.charCodeAt(at) & 127] ?? 0;
    value += (digit % more) * factor;
    if (digit >= more) {
      factor *= more;
      continue;
    }
    last += value;
    numbers.push(last);
    [value, factor] = [0, 1];
  }
}
