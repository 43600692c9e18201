// @vitest-environment node
import { PDFDocument, PDFName, PDFString } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import type { Label } from '../src/api/types';
import { gapsOf, groupLabels } from '../src/features/orders/labels/groups';
import { joinFiles } from '../src/features/orders/labels/join';

const label = (over: Partial<Label>): Label => ({
  order_id: '1',
  number: '1',
  channel: 'ozon',
  state: 'here',
  problem: '',
  words: '',
  type: 'pdf',
  width_mm: 0,
  height_mm: 0,
  size: 1,
  next_at: null,
  prints: 0,
  printed_at: null,
  printed_name: '',
  ...over,
});
const png = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII='),
  (c) => c.charCodeAt(0),
);
/** A file with things in it that would be run. */
async function pdf(pages: number, width: number) {
  const doc = await PDFDocument.create();
  for (let i = 0; i < pages; i++) {
    const page = doc.addPage([width, 100]);
    page.drawText(`page ${i}`);
    const action = doc.context.obj({ S: 'JavaScript', JS: PDFString.of('app.alert(1)') });
    page.node.set(PDFName.of('AA'), doc.context.obj({ O: action }));
    page.node.set(PDFName.of('Annots'), doc.context.obj([doc.context.obj({ Type: 'Annot', A: action })]));
  }
  doc.addJavaScript('evil', 'app.alert(2)');
  return doc.save({ useObjectStreams: false });
}
const text = async (file: Blob) =>
  new TextDecoder('latin1').decode(
    await (await PDFDocument.load(await file.arrayBuffer())).save({ useObjectStreams: false }),
  );

describe('labels that are printed together', () => {
  it('are one file in the order of the list, each on its own paper', async () => {
    const list = [
      label({ order_id: '1' }),
      label({ order_id: '2', type: 'png', width_mm: 58, height_mm: 40 }),
      label({ order_id: '3' }),
    ];
    const { file, unread } = await joinFiles(list, [await pdf(2, 210), png, await pdf(1, 300)], false);
    const joined = await PDFDocument.load(await file.arrayBuffer());
    expect(unread).toEqual([]);
    expect(joined.getPages().map((p) => Math.round(p.getWidth()))).toEqual([210, 210, 164, 300]);
    expect((joined.getPage(2).getHeight() * 25.4) / 72).toBeCloseTo(40, 3);
  });

  it('leave behind what a marketplace’s page would run', async () => {
    const { file } = await joinFiles([label({})], [await pdf(1, 200)], false);
    expect(await text(file)).not.toMatch(/alert|JavaScript|Annot/);
    const asked = await joinFiles([label({})], [await pdf(1, 200)], true);
    expect(await text(asked.file)).toMatch(/JavaScript/);
  });

  it('name a file that cannot be read and go on without it', async () => {
    const cut = (await pdf(1, 200)).slice(0, 300);
    const list = ['1', '2', '3'].map((id) => label({ order_id: id }));
    const { file, unread } = await joinFiles(list, [await pdf(1, 200), cut, await pdf(1, 250)], false);
    expect(unread.map((l) => l.order_id)).toEqual(['2']);
    expect((await PDFDocument.load(await file.arrayBuffer())).getPageCount()).toBe(2);
  });

  it('are grouped by marketplace and paper, and gaps by their reason', () => {
    const list = [
      label({ order_id: '1' }),
      label({ order_id: '2', channel: 'wildberries', type: 'png', width_mm: 58, height_mm: 40 }),
      label({ order_id: '3', channel: 'wildberries', type: 'png', width_mm: 40, height_mm: 30 }),
      label({ order_id: '4' }),
      label({ order_id: '5', state: 'none', problem: 'label.after_ready', type: '' }),
      label({ order_id: '6', state: 'waiting', problem: '', type: '' }),
      label({ order_id: '7', state: 'refused', problem: 'channel.auth', words: 'no role', type: '' }),
      label({ order_id: '8', state: 'none', problem: 'label.after_ready', type: '' }),
    ];
    expect(groupLabels(list).map((g) => g.labels.map((l) => l.order_id))).toEqual([['1', '4'], ['2'], ['3']]);
    expect(gapsOf(list).map((g) => [g.why, g.waits, g.words, g.labels.length])).toEqual([
      ['not_ready', true, '', 1],
      ['after_ready', false, '', 2],
      ['channel_auth', false, 'no role', 1],
    ]);
  });
});
