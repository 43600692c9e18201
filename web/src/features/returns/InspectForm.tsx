import { Button, NativeSelect } from '@mantine/core';
import { IconArrowsSplit } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import type { ReturnActLine } from '../../base/returnActions';
import { GoodsTile, Kbd } from '../../ui/bits';
import { Submit } from '../../ui/Submit';

export const conditions = ['unopened', 'used', 'damaged', 'wrong', 'missing'] as const;
export const dispositions = ['resell', 'discount', 'repair', 'supplier', 'write_off'] as const;

/* What usually becomes of goods in a condition: proposed, and changed by whoever holds them. */
const usual: Record<string, string> = { unopened: 'resell', used: 'discount', damaged: 'write_off' };

interface Part {
  line: number;
  qty: number;
  condition: string;
  disposition: string;
}
const partsOf = (card: ReturnCard): Part[] =>
  card.lines.map((l) => ({ line: l.line, qty: l.qty, condition: '', disposition: '' }));

interface Props {
  card: ReturnCard;
  busy: boolean;
  onSend: (lines: ReturnActLine[]) => void;
}

/** What has come back, unit by unit: in what condition, and where it goes. Large enough for a thumb in a glove. */
export function InspectForm({ card, busy, onSend }: Props) {
  const { t } = useTranslation();
  const [parts, setParts] = useState(() => partsOf(card));
  const ready = parts.every((p) => p.condition);
  const put = (at: number, change: Partial<Part>) =>
    setParts((old) => old.map((p, i) => (i === at ? { ...p, ...change } : p)));
  const split = (at: number) =>
    setParts((old) =>
      old.flatMap((p, i) =>
        i === at
          ? [
              { ...p, qty: p.qty - 1 },
              { line: p.line, qty: 1, condition: '', disposition: '' },
            ]
          : [p],
      ),
    );
  const send = (e: React.FormEvent) => {
    e.preventDefault();
    if (!ready) return;
    onSend(
      parts.map((p) => ({
        line: p.line,
        qty: p.qty,
        condition: p.condition,
        ...(p.disposition && { disposition: p.disposition }),
      })),
    );
  };
  return (
    <form className="card ret-inspect" onSubmit={send} data-testid="inspect">
      <div className="card-head">
        <h2 className="grow">{t('returns.inspect')}</h2>
      </div>
      <div className="card-body stack">
        {parts.map((p, i) => {
          const line = card.lines.find((l) => l.line === p.line);
          const title = line?.title || line?.article || line?.external_offer_id || '';
          return (
            <fieldset key={`${p.line}.${i}`} className="ret-part">
              <legend className="row">
                <GoodsTile title={title} />
                <span className="strong">{title}</span>
                <span className="chip num">×{p.qty}</span>
                {p.qty > 1 && (
                  <Button
                    size="xs"
                    variant="subtle"
                    leftSection={<IconArrowsSplit size={14} stroke={1.9} />}
                    onClick={() => split(i)}
                  >
                    {t('returns.split')}
                  </Button>
                )}
              </legend>
              <div className="ret-choices" role="radiogroup" aria-label={t('returns.condition')}>
                {conditions.map((c) => (
                  <label key={c} className="ret-choice" data-testid={`condition-${c}`}>
                    <input
                      type="radio"
                      name={`condition-${p.line}.${i}`}
                      value={c}
                      checked={p.condition === c}
                      onChange={() => put(i, { condition: c, disposition: usual[c] ?? '' })}
                    />
                    {t(`condition.${c}`)}
                  </label>
                ))}
              </div>
              {p.condition && p.condition !== 'missing' && (
                <NativeSelect
                  size="md"
                  label={t('returns.disposition')}
                  value={p.disposition}
                  onChange={(e) => put(i, { disposition: e.currentTarget.value })}
                  data={[
                    { value: '', label: t('returns.later') },
                    ...dispositions.map((d) => ({ value: d, label: t(`disposition.${d}`) })),
                  ]}
                />
              )}
            </fieldset>
          );
        })}
        <Submit size="md" loading={busy} disabled={!ready} rightSection={<Kbd onInk>C</Kbd>}>
          {t('return_action.inspect')}
        </Submit>
      </div>
    </form>
  );
}
