/* A keyboard-wedge scanner types like a person, only faster: at least six keys, each within 35 ms of the one before, ended by Enter,
 * Tab or 80 ms of silence. What it typed is read from the places of the keys, so no layout can spoil it, and is taken back out
 * of the field it fell into. The clock is the events' own, which tests set. */

export const burstKeys = 6;
export const burstGapMs = 35;
export const silenceMs = 80;

const shifted: Record<string, string> = {
  Digit1: '!',
  Digit2: '@',
  Digit3: '#',
  Digit4: '$',
  Digit5: '%',
  Digit6: '^',
  Digit7: '&',
  Digit8: '*',
  Digit9: '(',
  Digit0: ')',
  Minus: '_',
  Equal: '+',
  BracketLeft: '{',
  BracketRight: '}',
  Backslash: '|',
  Semicolon: ':',
  Quote: '"',
  Comma: '<',
  Period: '>',
  Slash: '?',
  Backquote: '~',
};
const unshifted: Record<string, string> = {
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backquote: '`',
  Space: ' ',
  NumpadDivide: '/',
  NumpadMultiply: '*',
  NumpadSubtract: '-',
  NumpadAdd: '+',
  NumpadDecimal: '.',
};

export interface Key {
  code: string;
  shift: boolean;
  caps?: boolean;
}

/** The sign of a key in the Latin layout, which is what scanners are set to; empty for keys that type nothing. */
export function latinSign({ code, shift, caps = false }: Key): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shift !== caps ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit && (!shift || code.startsWith('Numpad'))) return digit;
  return (shift ? shifted[code] : undefined) ?? (shift && code !== 'Space' ? '' : (unshifted[code] ?? ''));
}

/** What a field held before the burst began, to be put back. */
export interface Field {
  element: HTMLInputElement | HTMLTextAreaElement;
  value: string;
  start: number | null;
  end: number | null;
}

export interface Scanner {
  /** Takes a key; true when it belongs to a scan and must do nothing else. */
  key(event: Key, at: number, field: () => Field | null): boolean;
  /** Tells that time has passed without a key. */
  silence(at: number): void;
}

export function createScanner(onScan: (text: string, leaked: Field | null) => void): Scanner {
  let keys: string[] = [];
  let last = -Infinity;
  let leaked: Field | null = null;

  const finish = () => {
    const text = keys.join('').trim();
    const count = keys.length;
    const from = leaked;
    keys = [];
    leaked = null;
    if (count < burstKeys || !text) return false;
    onScan(text, from);
    return true;
  };

  return {
    key(event, at, field) {
      const quick = at - last <= burstGapMs;
      last = at;
      if (event.code === 'Enter' || event.code === 'NumpadEnter' || event.code === 'Tab') {
        if (!quick) keys = [];
        return finish();
      }
      if (/^(Shift|Caps|Alt|Control|Meta)/.test(event.code)) return keys.length >= burstKeys;
      const sign = latinSign(event);
      if (!sign || !quick) {
        keys = [];
        leaked = null;
      }
      if (!sign) return false;
      if (!keys.length) leaked = field();
      keys.push(sign);
      // The first keys look like typing and are let through; the field gets its text back in the end.
      return keys.length > burstKeys;
    },
    silence(at) {
      if (keys.length && at - last >= silenceMs) finish();
    },
  };
}
