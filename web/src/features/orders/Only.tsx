import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard, QueueRow } from '../../api/types';
import { useWords } from '../../base/words';

/** The rows that the address names, also those that the list has not read; all of them when it names none. */
export function useOnly(rows: QueueRow[], only: string | undefined): QueueRow[] {
  const ids = useMemo(() => only?.split(',').filter(Boolean) ?? [], [only]);
  const far = ids.filter((id) => !rows.some((r) => r.id === id)).slice(0, 50);
  const read = useQueries({
    queries: far.map((id) => ({
      queryKey: keys.order(id),
      queryFn: () => get<OrderCard>(`/api/orders/${id}`),
      retry: false,
    })),
    combine: (all) => all.flatMap((q) => (q.data ? [q.data] : [])),
  });
  return useMemo(() => {
    if (!ids.length) return rows;
    const here = rows.filter((r) => ids.includes(r.id));
    return [...here, ...read.filter((r) => !here.some((h) => h.id === r.id))];
  }, [ids, rows, read]);
}

/** Says that the list is cut short, and gives the way back. */
export function OnlyBar({ count, onAll }: { count: number; onAll: () => void }) {
  const { t } = useWords();
  return (
    <div className="only-bar" data-testid="only-bar">
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
      <span className="grow">{t('orders.only', { count })}</span>
      <Button size="xs" onClick={onAll}>
        {t('orders.only_off')}
      </Button>
    </div>
  );
}
