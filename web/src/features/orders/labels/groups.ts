import type { Label } from '../../../api/types';

/** Labels of one marketplace on one paper: they are printed together, in the order of the list. */
export interface LabelGroup {
  key: string;
  labels: Label[];
}
export function groupLabels(labels: Label[]): LabelGroup[] {
  const out: LabelGroup[] = [];
  for (const label of labels) {
    if (label.state !== 'here') continue;
    const key = [label.channel, label.type, label.width_mm, label.height_mm].join();
    const same = out.find((g) => g.key === key);
    if (same) same.labels.push(label);
    else out.push({ key, labels: [label] });
  }
  return out;
}

/** Those that are not here, by why; the reasons in the order in which they are met. */
export interface LabelGap {
  why: string;
  words: string;
  waits: boolean;
  labels: Label[];
}
export function gapsOf(labels: Label[]): LabelGap[] {
  const out: LabelGap[] = [];
  for (const label of labels) {
    if (label.state === 'here') continue;
    const waits = label.state === 'waiting';
    const why = label.problem.replace(/^label\./, '').replace(/\./g, '_') || 'not_ready';
    const words = label.state === 'refused' ? label.words : '';
    const same = out.find((g) => g.why === why && g.words === words && g.waits === waits);
    if (same) same.labels.push(label);
    else out.push({ why, words, waits, labels: [label] });
  }
  return out.toSorted((a, b) => Number(b.waits) - Number(a.waits));
}
