import { useEffect, useRef } from 'react';

/* Shortcuts are bound to the physical key, so they work in ЙЦУКЕН, Kazakh, Ukrainian and Latin layouts alike.
 * A binding is written "KeyC", "shift+KeyX", "mod+KeyK". The layer registered last is asked first. */

export type HotkeyHandler = (event: KeyboardEvent) => void | false;
export type HotkeyMap = Record<string, HotkeyHandler>;

interface Layer {
  map: () => HotkeyMap;
  inDialog: boolean;
  inText: boolean;
}

const layers: Layer[] = [];
let singleKeysOff = false;
export const setSingleKeysOff = (off: boolean) => {
  singleKeysOff = off;
};

export function keyName(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  const alt = event.altKey ? 'alt+' : '';
  const shift = event.shiftKey ? 'shift+' : '';
  return mod + alt + shift + event.code;
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  );
}

let goUntil = 0;
let goMap: HotkeyMap = {};
/** `G` and a letter within a second. */
export const setGoMap = (map: HotkeyMap) => {
  goMap = map;
};

const isButton = (target: EventTarget | null) =>
  target instanceof HTMLElement && !!target.closest('button, a, [role=menuitem], [role=option], [role=tab]');

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return;
  const name = keyName(event);
  const typing = isText(event.target);
  const dialog = document.querySelector('[aria-modal="true"], [data-menu-dropdown]') !== null;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if ((name === 'Space' || name === 'Enter') && isButton(event.target)) return;
  if (plain && singleKeysOff && /^(shift\+)?(Key|Digit|Slash)/.test(name)) return;
  if (!typing && !dialog && plain) {
    if (Date.now() < goUntil) {
      goUntil = 0;
      const go = goMap[event.code];
      if (go) {
        event.preventDefault();
        go(event);
        return;
      }
    }
    if (name === 'KeyG') {
      goUntil = Date.now() + 1000;
      return;
    }
  }
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i];
    if (!layer || (dialog && !layer.inDialog)) continue;
    if (typing && !layer.inText) continue;
    const handler = layer.map()[name];
    if (!handler) continue;
    if (handler(event) !== false) {
      event.preventDefault();
      return;
    }
  }
}

export function useHotkeys(
  map: HotkeyMap,
  options: { enabled?: boolean; inDialog?: boolean; inText?: boolean } = {},
) {
  const { enabled = true, inDialog = false, inText = false } = options;
  const current = useRef(map);
  useEffect(() => {
    current.current = map;
  });
  useEffect(() => {
    if (!enabled) return;
    const layer: Layer = { map: () => current.current, inDialog, inText };
    if (!layers.length) document.addEventListener('keydown', onKeyDown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (!layers.length) document.removeEventListener('keydown', onKeyDown);
    };
  }, [enabled, inDialog, inText]);
}

const russian = 'ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ';
const codes =
  'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period'.split(
    ' ',
  );
/** The Russian letter printed on the same key: «J / О». */
export function russianLetter(latin: string): string | null {
  const i = codes.indexOf(`Key${latin.toUpperCase()}`);
  return i >= 0 ? (russian[i] ?? null) : null;
}

/** Text typed in the wrong layout: «vfhbz» is «мария». */
export function otherLayout(text: string): string | null {
  const latin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
  const cyrillic = russian.toLowerCase();
  const from = /[а-я]/i.test(text) ? cyrillic : latin;
  const to = from === latin ? cyrillic : latin;
  const out = [...text.toLowerCase()].map((c) => (from.includes(c) ? to[from.indexOf(c)] : c)).join('');
  return out === text.toLowerCase() ? null : out;
}
