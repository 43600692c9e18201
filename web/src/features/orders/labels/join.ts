import { getFile } from '../../../api/client';
import type { Label } from '../../../api/types';

/* Labels of several orders as one file for the printer: the pages of their PDFs and their pictures, in the order of the list, each on
 * paper of its own size. What the marketplaces have put into a page besides its drawing (links, things to run) is left behind. */

const points = (mm: number) => (mm * 72) / 25.4;
const together = 6;

/** The files in the order of the labels; a few at a time. */
async function filesOf(labels: Label[]): Promise<Uint8Array[]> {
  const out: Uint8Array[] = [];
  for (let at = 0; at < labels.length; at += together) {
    const part = labels.slice(at, at + together);
    out.push(...(await Promise.all(part.map((l) => getFile(`/api/orders/${l.order_id}/label`)))));
  }
  return out;
}

export interface Joined {
  file: Blob;
  /** Those that could not be read: each is had as it is. */
  unread: Label[];
}

export async function joinFiles(labels: Label[], files: Uint8Array[], prints: boolean): Promise<Joined> {
  const { PDFDocument, PDFName } = await import('pdf-lib');
  const doc = await PDFDocument.create();
  const unread: Label[] = [];
  const add = async (label: Label, bytes: Uint8Array) => {
    if (label.type === 'png') {
      const size: [number, number] = [points(label.width_mm), points(label.height_mm)];
      const image = await doc.embedPng(bytes);
      doc.addPage(size).drawImage(image, { x: 0, y: 0, width: size[0], height: size[1] });
      return;
    }
    const from = await PDFDocument.load(bytes, { updateMetadata: false });
    for (const page of await doc.copyPages(from, from.getPageIndices())) {
      page.node.delete(PDFName.of('AA'));
      page.node.delete(PDFName.of('Annots'));
      doc.addPage(page);
    }
  };
  for (const [i, label] of labels.entries()) {
    const pages = doc.getPageCount();
    try {
      await add(label, files[i] as Uint8Array);
      if (doc.getPageCount() === pages) unread.push(label);
    } catch {
      while (doc.getPageCount() > pages) doc.removePage(pages);
      unread.push(label);
    }
  }
  // The viewer of the browser opens its print dialog by itself.
  if (prints) doc.addJavaScript('print', 'this.print(true);');
  return { file: new Blob([(await doc.save()) as BlobPart], { type: 'application/pdf' }), unread };
}

/** One file of a group of one kind: a PDF, or what label printers are told, one after another. */
export async function joinLabels(labels: Label[], prints: boolean): Promise<Joined> {
  const files = await filesOf(labels);
  if (labels[0]?.type === 'zpl')
    return { file: new Blob(files as BlobPart[], { type: 'text/plain' }), unread: [] };
  return joinFiles(labels, files, prints);
}
