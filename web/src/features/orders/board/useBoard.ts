import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { get, put } from '../../../api/client';
import { keys } from '../../../api/keys';
import type { Board, BoardTimes, HubStatus, Page, QueueRow } from '../../../api/types';
import { useOrderActions } from '../../../base/orderActions';

const pageMax = 100;
interface Later {
  rows: QueueRow[];
  next: string | null;
}

/** The columns as the server counts them, and the pages of a column that were read on. */
export function useBoard(query: string) {
  const board = useQuery({
    queryKey: keys.board(query),
    queryFn: ({ signal }) => get<Board>('/api/board', query, signal),
    placeholderData: (old) => old,
    refetchInterval: 60_000,
  });
  const [later, setLater] = useState<{ query: string; of: Partial<Record<HubStatus, Later>> }>({
    query,
    of: {},
  });
  const [reading, setReading] = useState<HubStatus | null>(null);
  const { fail } = useOrderActions();
  const of = later.query === query ? later.of : {};
  const more = useCallback(
    async (status: HubStatus, after: string) => {
      setReading(status);
      const params = new URLSearchParams(query);
      params.set('status', status);
      params.set('limit', String(pageMax));
      params.set('after', after);
      try {
        const page = await get<Page<QueueRow>>('/api/queue', params);
        setLater((old) => {
          const kept = old.query === query ? old.of : {};
          const before = kept[status]?.rows ?? [];
          return { query, of: { ...kept, [status]: { rows: [...before, ...page.items], next: page.next } } };
        });
      } catch (error) {
        fail(error);
      }
      setReading(null);
    },
    [query, fail],
  );
  return { board, later: of, more, reading };
}

export const useTimes = () =>
  useQuery({
    queryKey: keys.boardTimes,
    queryFn: () => get<BoardTimes>('/api/board/times'),
    staleTime: 5 * 60_000,
  });

/** Limits of columns belong to the shop; the whole set is written at once. */
export function useLimits(board: Board | undefined) {
  const client = useQueryClient();
  const { fail } = useOrderActions();
  return async (status: HubStatus, limit: number | null) => {
    const all = Object.fromEntries(
      (board?.columns ?? []).map((c) => [c.status, c.status === status ? limit : c.limit]),
    );
    try {
      await put<void>('/api/board/limits', all);
    } catch (error) {
      fail(error);
    }
    await client.invalidateQueries({ queryKey: keys.queue });
  };
}
