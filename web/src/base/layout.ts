/* Keyboard layouts of the people who type here: the same keys in Latin, Russian, Ukrainian and Kazakh. */

const codes =
  'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period'.split(
    ' ',
  );
const latin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const russian = 'йцукенгшщзхъфывапролджэячсмитьбю';
const ukrainian = 'йцукенгшщзхїфівапролджєячсмитьбю';
/* The Kazakh layout is the Russian one with its own letters, and signs, on the row of digits. */
const digitRow = '1234567890-=';
const kazakhRow = '"әіңғ,.үұқөһ';

/** The Cyrillic letter printed on the same key: «J / О». */
export function cyrillicLetter(letter: string, language = 'ru'): string | null {
  const i = codes.indexOf(`Key${letter.toUpperCase()}`);
  return i < 0 ? null : (((language === 'uk' ? ukrainian : russian)[i] ?? null)?.toUpperCase() ?? null);
}

const turn = (text: string, from: string, to: string) =>
  [...text].map((c) => (from.includes(c) ? to[from.indexOf(c)] : c)).join('');

/** What was meant by text typed in the wrong layout, likeliest first: «vfhbz» is «мария». Empty for what mixes alphabets. */
export function otherLayouts(text: string): string[] {
  const typed = text.toLowerCase();
  const isLatin = /[a-z]/.test(typed);
  const isCyrillic = /[а-яёәғқңөұүһіїєґ]/.test(typed);
  if (isLatin === isCyrillic) return [];
  const meant = isLatin
    ? [
        turn(typed, latin, russian),
        turn(typed, latin, ukrainian),
        turn(typed, latin + digitRow, russian + kazakhRow),
      ]
    : [turn(typed, russian, latin), turn(typed, ukrainian, latin)];
  return [...new Set(meant)].filter((t) => t !== typed);
}

/** Digits typed while the Kazakh layout was on: «ңғ,.» is 4567. Null for everything else. */
export function kazakhDigits(text: string): string | null {
  const typed = text.toLowerCase().replace(/\s/g, '');
  const row = kazakhRow.slice(0, 10);
  if (typed.length < 3 || [...typed].some((c) => !row.includes(c))) return null;
  return turn(typed, row, digitRow);
}
