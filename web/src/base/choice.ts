import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, put } from '../api/client';
import { keys } from '../api/keys';
import { useProblemText } from './problem';
import { toast } from './toasts';

type Kept = Record<string, unknown>;

/** How a person has arranged a screen: shown at once, kept by the server. `undefined` while it is not known, `null`: never. */
export function useChoice(screen: string) {
  const client = useQueryClient();
  const text = useProblemText();
  const key = keys.choice(screen);
  const kept = useQuery({
    queryKey: key,
    queryFn: async () => (await get<{ value: Kept | null }>(`/api/choices/${screen}`)).value,
    staleTime: Infinity,
  });
  const save = useMutation({
    mutationFn: (value: Kept) => put<void>(`/api/choices/${screen}`, value),
    onMutate: (value) => {
      const before = client.getQueryData<Kept | null>(key);
      client.setQueryData(key, value);
      return { before };
    },
    onError: (error, _value, context) => {
      client.setQueryData(key, context?.before ?? null);
      toast(text(error), { tone: 'error' });
    },
  });
  // A choice that cannot be read must not keep the screen away.
  return { value: kept.isError ? null : kept.data, save: save.mutate };
}
