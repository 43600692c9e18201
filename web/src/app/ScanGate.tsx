import { useRouter } from '@tanstack/react-router';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useWords } from '../base/words';
import { get } from '../api/client';
import type { Page, ReturnRow, SearchReply } from '../api/types';
import { scanShown, showScan, type Outcome } from '../base/feedback';
import { dropPending } from '../base/hotkeys';
import { createScanner, silenceMs, type Field } from '../base/scanner';
import { useMay } from '../base/shop';
import './scan.css';

const icons: Record<Outcome, typeof IconCheck> = {
  right: IconCheck,
  wrong: IconX,
  unknown: IconAlertTriangle,
};
const shownMs = 2500;

/* A password manager types as quickly as a scanner. */
const isSecret = (target: EventTarget | null) =>
  target instanceof HTMLInputElement && (target.type === 'password' || target.autocomplete === 'username');

function fieldOf(target: EventTarget | null): Field | null {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return null;
  return { element: target, value: target.value, start: target.selectionStart, end: target.selectionEnd };
}

/** React hears of it as if the person had typed it. */
function putBack({ element, value, start, end }: Field) {
  const kind = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event('input', { bubbles: true }));
  if (start !== null && end !== null) element.setSelectionRange(start, end);
}

/** The one return that is under way under this code: its track, its number, the number of its order. */
async function returnOf(code: string): Promise<string | null> {
  const query = new URLSearchParams({ q: code, limit: '20' });
  const page = await get<Page<ReturnRow>>('/api/returns', query).catch(() => null);
  const same = (text: string) => text.toLowerCase() === code.toLowerCase();
  const open =
    page?.items.filter(
      (r) =>
        (r.goods === 'expected' || r.goods === 'received') &&
        (same(r.track) || same(r.external_id) || same(r.order_number)),
    ) ?? [];
  return open.length === 1 ? (open[0]?.id ?? null) : null;
}

/** A scanner works on every screen without setup: an order's number or label opens the order. */
export function ScanGate({ onFound }: { onFound: () => void }) {
  const { t } = useWords();
  const router = useRouter();
  const shown = scanShown.use();
  const may = useMay();
  const sees = useRef(false);
  const found = useRef(onFound);
  useEffect(() => {
    found.current = onFound;
    sees.current = may('returns.see');
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (code: string) => {
      // A parcel on its way back belongs to its return, also when it carries the number of the order.
      const back = sees.current ? await returnOf(code) : null;
      if (back) {
        showScan('right', code);
        found.current();
        return void router.navigate({ to: '/returns/$id', params: { id: back } });
      }
      const reply = await get<SearchReply>('/api/search', new URLSearchParams({ q: code })).catch(() => null);
      if (reply?.exact?.kind !== 'order') return showScan('unknown', code);
      showScan('right', code);
      found.current();
      void router.navigate({ to: '/orders/$id', params: { id: reply.exact.id } });
    };
    const scanner = createScanner((code, leaked) => {
      dropPending();
      if (leaked) putBack(leaked);
      void look(code);
    });
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isSecret(event.target)) return;
      const key = { code: event.code, shift: event.shiftKey, caps: event.getModifierState('CapsLock') };
      const swallowed = scanner.key(key, event.timeStamp, () => fieldOf(event.target));
      clearTimeout(timer);
      timer = setTimeout(() => scanner.silence(performance.now()), silenceMs + 5);
      if (!swallowed) return;
      dropPending();
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [router]);

  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => scanShown.set((s) => (s?.id === shown.id ? null : s)), shownMs);
    return () => clearTimeout(timer);
  }, [shown]);

  const Icon = shown && icons[shown.outcome];
  return (
    <div className="scan" role="status" aria-live="assertive">
      {shown && Icon && (
        <div className="scan-result" data-testid="scan-result" data-outcome={shown.outcome}>
          <Icon size={28} stroke={2} aria-hidden />
          <span className="scan-word">{t(`scan.${shown.outcome}`)}</span>
          <span className="num cut">{shown.code}</span>
        </div>
      )}
    </div>
  );
}
