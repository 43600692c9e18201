import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../api/types';
import { useMay } from '../../base/shop';

const targets: Record<string, string> = {
  channel: '/settings/channels/new',
  statuses: '/settings/channels',
  products: '/settings/channels',
  team: '/settings/users',
  deadlines: '/settings/deadlines',
  first_order: '/orders',
};
const name = 'sauda.checklist.hidden';

/** First steps until they are done or hidden; each can be found later in the settings. */
export function Checklist({ items }: { items: Overview['checklist'] }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [hidden, setHidden] = useState(() => localStorage.getItem(name) === '1');
  const known = items.filter((i) => i18n.exists(`checklist.${i.key}`));
  const left = known.filter((i) => !i.done).length;
  if (hidden || left === 0) return null;
  return (
    <section className="card checklist" aria-label={t('checklist.title')}>
      <h2>{t('checklist.title')}</h2>
      <span className="quiet num">
        {t('order.position', { index: known.length - left, total: known.length })}
      </span>
      <span className="checklist-items">
        {known.map((item) =>
          item.done ? (
            <span key={item.key} className="row quiet">
              <IconCircleCheck size={16} stroke={1.75} className="good" aria-hidden />
              {t(`checklist.${item.key}`)}
            </span>
          ) : (
            <Link key={item.key} to={targets[item.key] ?? '/'} className="row">
              <IconCircle size={16} stroke={1.75} aria-hidden />
              {t(`checklist.${item.key}`)}
            </Link>
          ),
        )}
      </span>
      {known.some((i) => i.key === 'channel' && !i.done) && may('settings') && (
        <Link to="/settings/start" className="checklist-example">
          {t('example.title')}
        </Link>
      )}
      <Button
        size="xs"
        variant="subtle"
        onClick={() => {
          localStorage.setItem(name, '1');
          setHidden(true);
        }}
      >
        {t('checklist.hide')}
      </Button>
    </section>
  );
}
