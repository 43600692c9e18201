import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { SearchReply } from '../../api/types';

/** Asked once the fingers rest; `settled` is what belongs to the text that stands in the field now. */
export function useSearch(text: string) {
  const [asked] = useDebouncedValue(text, 60);
  const search = useQuery({
    queryKey: keys.search(asked),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
    staleTime: 5000,
    queryFn: ({ signal }) => get<SearchReply>('/api/search', new URLSearchParams({ q: asked }), signal),
  });
  const settled = asked === text && !search.isPlaceholderData && search.isSuccess;
  return {
    data: text.length > 1 ? search.data : undefined,
    settled,
    failed: search.isError,
    error: search.error,
  };
}
