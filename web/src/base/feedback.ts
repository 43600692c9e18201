import { createStore } from './store';

/* The answer to a scan: a colour, a word, a tone and a shake, each different for each outcome, so that it is understood without
 * looking, without hearing, or with gloves on. */
export type Outcome = 'right' | 'wrong' | 'unknown';
export interface ScanShown {
  id: number;
  outcome: Outcome;
  code: string;
}
export const scanShown = createStore<ScanShown | null>(null);

const tones: Record<Outcome, { hz: number; beats: number; ms: number; wave: OscillatorType }> = {
  right: { hz: 1320, beats: 1, ms: 90, wave: 'sine' },
  wrong: { hz: 196, beats: 2, ms: 160, wave: 'square' },
  unknown: { hz: 440, beats: 3, ms: 70, wave: 'triangle' },
};
const shakes: Record<Outcome, number[]> = {
  right: [40],
  wrong: [160, 60, 160],
  unknown: [60, 40, 60, 40, 60],
};

let audio: AudioContext | null = null;
function sound(outcome: Outcome) {
  const { hz, beats, ms, wave } = tones[outcome];
  try {
    audio ??= new AudioContext();
    for (let i = 0; i < beats; i++) {
      const from = audio.currentTime + (i * ms * 1.5) / 1000;
      const tone = audio.createOscillator();
      const level = audio.createGain();
      tone.type = wave;
      tone.frequency.value = hz;
      level.gain.value = 0.08;
      tone.connect(level).connect(audio.destination);
      tone.start(from);
      tone.stop(from + ms / 1000);
    }
  } catch {
    /* A machine without sound still has colour and word. */
  }
}

let last = 0;
export function showScan(outcome: Outcome, code: string) {
  scanShown.set({ id: ++last, outcome, code });
  sound(outcome);
  navigator.vibrate?.(shakes[outcome]);
}
