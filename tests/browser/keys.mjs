/* Keys as a keyboard in the Russian layout sends them: the place of the key is Latin, its letter Cyrillic. */
const letters = {
  KeyC: 'с', KeyG: 'п', KeyO: 'щ', KeyJ: 'о', KeyK: 'л', KeyX: 'ч', KeyU: 'г', KeyW: 'ц', KeyD: 'в', KeyA: 'ф', KeyN: 'т', KeyZ: 'я',
};
export async function russian(page, ...presses) {
  const session = await page.context().newCDPSession(page);
  for (const press of presses) {
    const code = press.replace(/^(Shift|Control)\+/, '');
    const shift = press.startsWith('Shift+');
    const control = press.startsWith('Control+');
    const letter = letters[code];
    if (!letter) throw new Error(`no letter for ${press}`);
    const key = shift ? letter.toUpperCase() : letter;
    const event = {
      key,
      code,
      windowsVirtualKeyCode: code.charCodeAt(3),
      modifiers: (shift ? 8 : 0) | (control ? 2 : 0),
      ...(control ? {} : { text: key }),
    };
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined });
  }
  await session.detach();
}
