import { useLayoutEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { burstGapMs, burstKeys, silenceMs } from './scanner';
import { createStore } from './store';

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

/** What a person bound anew: the usual key of a shortcut, and the key that stands for it now. */
export type Bindings = ReadonlyMap<string, string>;
export const bindings = createStore<Bindings>(new Map());

/** «KeyC=KeyV,KeyV=KeyC», as the server keeps it. */
export function readBindings(text: string): Bindings {
  const pairs = text.split(',').flatMap((pair) => {
    const [usual, now] = pair.split('=');
    return usual && now && /^Key[A-Z]$/.test(usual) && /^Key[A-Z]$/.test(now) && usual !== now
      ? [[usual, now] as const]
      : [];
  });
  return new Map(pairs);
}
export const writeBindings = (map: Bindings) =>
  [...map]
    .filter(([usual, now]) => usual !== now)
    .map((pair) => pair.join('='))
    .join(',');

export const boundKey = (usual: string, map: Bindings = bindings.get()) => map.get(usual) ?? usual;

/** The shortcut gets the key, and whatever had that key gets the old one: each letter does one thing. */
export function rebind(map: Bindings, usual: string, now: string): Bindings {
  const next = new Map(map);
  const before = boundKey(usual, map);
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((l) => `Key${l}`);
  const other = letters.find((code) => code !== usual && boundKey(code, map) === now);
  next.set(usual, now);
  if (other) next.set(other, before);
  return next;
}

/** The usual key that a pressed one stands for. */
function meant(code: string): string {
  const map = bindings.get();
  for (const [usual, now] of map) if (now === code) return usual;
  return map.has(code) ? '' : code;
}

export function keyName(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  const alt = event.altKey ? 'alt+' : '';
  const shift = event.shiftKey ? 'shift+' : '';
  return mod + alt + shift + (mod || alt ? event.code : meant(event.code));
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

/* A scanner's first keys look like shortcuts. Letters and digits therefore wait until the next key could no longer be a scanner's;
 * walking through a list does not, for it does no harm and is pressed in quick rows. */
const walking = ['KeyJ', 'KeyK'];
let pending: KeyboardEvent[] = [];
let flushing: ReturnType<typeof setTimeout> | undefined;

function flush() {
  clearTimeout(flushing);
  const list = pending;
  pending = [];
  // Each key finds the screen as the one before it has left it.
  for (const event of list) flushSync(() => act(event));
}
/** What has been pressed was a scan. */
export function dropPending() {
  clearTimeout(flushing);
  pending = [];
}

const isModifier = (code: string) => /^(Shift|Caps|Control|Alt|Meta)/.test(code);

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || isModifier(event.code)) return;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !isText(event.target);
  const before = pending.at(-1);
  const quick = before !== undefined && event.timeStamp - before.timeStamp <= burstGapMs;
  const waits = /^(Key|Digit)/.test(event.code) && !walking.includes(keyName(event));
  if (!plain || !(waits || (quick && event.key.length === 1))) {
    flush();
    flushSync(() => act(event));
    return;
  }
  if (!quick) flush();
  pending.push(event);
  clearTimeout(flushing);
  // A row that is too short for a scan is what a quick hand pressed.
  flushing = setTimeout(flush, pending.length < burstKeys ? burstGapMs + 1 : silenceMs + 20);
}

const dialogOpen = () => document.querySelector('[aria-modal="true"], [data-menu-dropdown]') !== null;

/* A dialog hears Escape before us and may be gone by the time we do: the key was still its own. Asked at the very beginning, which is
 * why this listens from the moment the file is loaded. */
const ofDialog = new WeakSet<KeyboardEvent>();
window.addEventListener('keydown', (event) => void (dialogOpen() && ofDialog.add(event)), { capture: true });

function act(event: KeyboardEvent) {
  const name = keyName(event);
  const typing = isText(event.target);
  const dialog = ofDialog.has(event) || dialogOpen();
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
  // A screen that is seen hears its keys: before it is painted, not some time after.
  useLayoutEffect(() => {
    current.current = map;
  });
  useLayoutEffect(() => {
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
