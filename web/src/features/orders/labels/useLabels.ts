import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { post } from '../../../api/client';
import { keys } from '../../../api/keys';
import type { LabelList } from '../../../api/types';
import type { Picked } from '../../../base/orderActions';

const pollMs = 1500;

/** The labels of these orders. With `ask` those that are missing are fetched: asked for once, then looked at until none is on its way. */
export function useLabels(picked: Picked, ask: boolean, enabled = true) {
  const asked = useRef(false);
  return useQuery({
    queryKey: [...keys.labels, picked, ask],
    queryFn: () => {
      const first = ask && !asked.current;
      asked.current = true;
      return post<LabelList>('/api/labels', { ...picked, ...(first && { ask: true }) });
    },
    enabled,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: (q) => (q.state.data?.items.some((l) => l.state === 'waiting') ? pollMs : false),
  });
}

export function useLabelsPrinted() {
  const client = useQueryClient();
  return async (ids: string[]) => {
    await post('/api/labels/printed', { ids });
    for (const key of [keys.labels, keys.anyOrder]) void client.invalidateQueries({ queryKey: key });
  };
}
