import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Suggestion } from '../../api/types';
import { useHotkeys } from '../../base/hotkeys';
import { Bones, ErrorState, Kbd } from '../../ui/bits';
import { EmptyDone } from '../../ui/states';
import { MergeDialog } from './MergeDialog';
import { PairCard } from './PairCard';
import { ReviewNotes } from './ReviewNotes';
import { WeightNotes } from './WeightNotes';
import { usePairs, type Decision } from './usePairs';

/** Pairs of cards that may be one person: one key decides one pair, and the next one is there. */
export function Duplicates() {
  const { t } = useTranslation();
  const { list, pairs, decide, undo } = usePairs();
  const [focused, setFocused] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [comparing, setComparing] = useState<Suggestion | null>(null);
  const found = pairs.findIndex((p) => p.id === focused);
  const at = Math.max(0, found);
  const now = pairs[at];
  const move = (by: number) =>
    setFocused(pairs[Math.max(0, Math.min(pairs.length - 1, at + by))]?.id ?? null);
  const chosen = pairs.filter((p) => selected.has(p.id));
  const many = (decision: Decision) => {
    decide(chosen, decision);
    setSelected(new Set());
  };
  const one = (pair: Suggestion, decision: Decision) => {
    const place = pairs.indexOf(pair);
    setFocused(pairs[place + 1]?.id ?? pairs[place - 1]?.id ?? null);
    decide([pair], decision);
  };
  const select = useCallback(
    (id: string) =>
      setSelected((old) => {
        const next = new Set(old);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const latest = useRef(one);
  useEffect(() => {
    latest.current = one;
  });
  const onDecide = useCallback((pair: Suggestion, d: Decision) => latest.current(pair, d), []);
  const act = (decision: Decision) => (chosen.length ? many(decision) : now ? one(now, decision) : false);
  useHotkeys({
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    KeyX: () => (now ? select(now.id) : false),
    Enter: () => act('merge'),
    KeyD: () => act('different'),
    Escape: () => (selected.size ? setSelected(new Set()) : false),
    'mod+KeyZ': () => undo(),
  });
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  if (list.isLoading) return <Bones lines={10} />;
  if (!pairs.length && !list.isFetching)
    return (
      <div className="pairs-page">
        <EmptyDone text={t('identity.none_left')} />
        <div className="pairs-foot">
          <ReviewNotes />
          <WeightNotes />
        </div>
      </div>
    );
  return (
    <div className="pairs-page">
      <ul className="pairs" aria-label={t('identity.duplicates')} data-testid="pairs">
        {pairs.map((p) => (
          <PairCard
            key={p.id}
            pair={p}
            focused={p.id === now?.id}
            selected={selected.has(p.id)}
            onFocus={setFocused}
            onSelect={select}
            onDecide={onDecide}
            onCompare={setComparing}
          />
        ))}
      </ul>
      <div className="pairs-foot">
        {chosen.length ? (
          <>
            <span className="strong grow">{t('identity.chosen', { count: chosen.length })}</span>
            <Button onClick={() => many('different')}>{t('identity.different')}</Button>
            <Button variant="filled" onClick={() => many('merge')}>
              {t('identity.do_merge')}
            </Button>
          </>
        ) : (
          <>
            <span className="caption row row-wrap grow">
              <Kbd>J</Kbd> <Kbd>K</Kbd> {t('identity.hint')} <Kbd>X</Kbd> {t('keys.select')} <Kbd>Enter</Kbd>{' '}
              {t('identity.do_merge')} <Kbd>D</Kbd> {t('identity.different')}
            </span>
            <ReviewNotes />
            <WeightNotes />
          </>
        )}
      </div>
      {comparing && (
        <MergeDialog kept={comparing.a.id} gone={comparing.b.id} onClose={() => setComparing(null)} />
      )}
    </div>
  );
}
