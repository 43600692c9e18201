import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Example, ExampleGone } from '../../api/types';
import { formatCount } from '../../base/format';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { useLang, useOffline } from '../../ui/bits';

/** The played marketplaces in a shop that has nothing of its own yet: shown by one press, taken away by another. */
export function ExampleBox() {
  const { t } = useTranslation();
  const lang = useLang();
  const client = useQueryClient();
  const problem = useProblemText();
  const offline = useOffline() !== null;
  const [busy, setBusy] = useState(false);
  const asked = useQuery({ queryKey: keys.example, queryFn: () => get<Example>('/api/example') });
  const example = asked.data;
  if (!example || example.why === 'demo') return null;

  const act = async (go: () => Promise<string>) => {
    setBusy(true);
    try {
      toast(await go());
    } catch (error) {
      toast(problem(error), { tone: 'error' });
    }
    // Everything that the screens hold may be of the example.
    await client.invalidateQueries();
    setBusy(false);
  };
  const show = () =>
    act(async () => {
      await post<Example>('/api/example');
      return t('example.began');
    });
  const remove = () =>
    act(async () => {
      const gone = await post<ExampleGone>('/api/example/remove');
      return t('example.removed', {
        orders: formatCount(gone.orders, lang),
        returns: formatCount(gone.returns, lang),
        people: formatCount(gone.people, lang),
      });
    });

  return (
    <section className="card start-example" aria-labelledby="example-title" data-testid="example">
      <div className="grow">
        <h2 id="example-title">{t(example.shown ? 'example.shown_title' : 'example.title')}</h2>
        <p className="soft">{t(example.shown ? 'example.shown_intro' : 'example.intro')}</p>
        {example.why && !example.shown && <p className="caption">{t(`example.why_${example.why}`)}</p>}
      </div>
      {example.shown ? (
        <Button
          variant="default"
          loading={busy}
          disabled={offline}
          onClick={() => void remove()}
          data-testid="example-remove"
        >
          {t('example.remove')}
        </Button>
      ) : (
        !example.why && (
          <Button
            variant="default"
            loading={busy}
            disabled={offline}
            onClick={() => void show()}
            data-testid="example-show"
          >
            {t('example.show')}
          </Button>
        )
      )}
    </section>
  );
}
