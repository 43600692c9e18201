/* Keys as a keyboard in another layout sends them: the place of the key is Latin, its letter Cyrillic. In the Kazakh layout the row of
 * digits has letters too. */
const russianLetters = {
  KeyC: 'с', KeyG: 'п', KeyO: 'щ', KeyJ: 'о', KeyK: 'л', KeyX: 'ч', KeyU: 'г', KeyW: 'ц', KeyD: 'в', KeyA: 'ф', KeyN: 'т', KeyZ: 'я',
  KeyB: 'и', KeyE: 'у', KeyF: 'а', KeyH: 'р', KeyI: 'ш', KeyL: 'д', KeyM: 'ь', KeyP: 'з', KeyQ: 'й', KeyR: 'к', KeyS: 'ы', KeyT: 'е',
  KeyV: 'м', KeyY: 'н',
};
const kazakhRow = {
  Digit1: '"', Digit2: 'ә', Digit3: 'і', Digit4: 'ң', Digit5: 'ғ', Digit6: ',', Digit7: '.', Digit8: 'ү', Digit9: 'ұ', Digit0: 'қ',
};

async function send(page, letters, presses) {
  const session = await page.context().newCDPSession(page);
  for (const press of presses) {
    const code = press.replace(/^(Shift|Control)\+/, '');
    const shift = press.startsWith('Shift+');
    const control = press.startsWith('Control+');
    const letter = letters[code] ?? (code === 'Enter' ? '\r' : undefined);
    if (!letter) throw new Error(`no letter for ${press}`);
    const key = code === 'Enter' ? 'Enter' : shift ? letter.toUpperCase() : letter;
    const event = {
      key,
      code,
      windowsVirtualKeyCode: code === 'Enter' ? 13 : code.charCodeAt(code.length - 1),
      modifiers: (shift ? 8 : 0) | (control ? 2 : 0),
      ...(control ? {} : { text: code === 'Enter' ? '\r' : key }),
    };
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined });
  }
  await session.detach();
}
export const russian = (page, ...presses) => send(page, russianLetters, presses);
export const kazakh = (page, ...presses) => send(page, { ...russianLetters, ...kazakhRow }, presses);

/** A scanner set to Latin, plugged into a machine whose layout is Kazakh: a quick row of keys, and Enter. All in one step of the page,
 *  as the time between keys is what tells a scanner. */
export async function scan(page, code) {
  const letters = { ...russianLetters, ...kazakhRow };
  const keys = [...code].map((c) => (/\d/.test(c) ? `Digit${c}` : c === '-' ? 'Minus' : `Key${c.toUpperCase()}`));
  await page.evaluate(
    ({ keys, letters }) => {
      const target = document.activeElement ?? document.body;
      let at = performance.now() + 1000;
      const press = (code, key) => {
        const event = new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true });
        // The moments are those of the hardware, not of a busy page.
        Object.defineProperty(event, 'timeStamp', { value: (at += 8) });
        const goes = target.dispatchEvent(event);
        // What a browser does with a key that nobody has stopped.
        if (goes && key.length === 1 && 'value' in target) {
          const kind = target instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
          Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(target, target.value + key);
          target.dispatchEvent(new Event('input', { bubbles: true }));
        }
      };
      for (const code of keys) press(code, letters[code] ?? '-');
      press('Enter', 'Enter');
    },
    { keys, letters },
  );
}
