import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconChevronRight, IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Overview } from '../../api/types';
import { Bones, ErrorState } from '../../ui/bits';
import { useMay } from '../../base/shop';
import { ExampleBox } from './ExampleBox';
import './start.css';

const targets: Record<string, string> = {
  channel: '/settings/channels/new',
  statuses: '/settings/channels',
  products: '/settings/channels',
  team: '/settings/users',
  deadlines: '/settings/deadlines',
  first_order: '/orders?view=new',
};

/** First steps as the shop really stands: each is done by doing it, left for later and found here again. */
export default function StartPage() {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const overview = useQuery({ queryKey: keys.overview, queryFn: () => get<Overview>('/api/overview') });
  if (overview.error) return <ErrorState error={overview.error} retry={() => void overview.refetch()} />;
  if (!overview.data) return <Bones lines={6} height={44} />;
  const items = overview.data.checklist.filter((i) => i18n.exists(`start.${i.key}`));
  const left = items.find((i) => !i.done);
  return (
    <>
      <p className="soft">{t('start.intro')}</p>
      <ol className="card start">
        {items.map((item) => (
          <li key={item.key} data-done={item.done || undefined} data-testid={`start-${item.key}`}>
            {item.done ? (
              <IconCircleCheck size={20} stroke={1.75} className="good" aria-label={t('start.done')} />
            ) : (
              <IconCircle size={20} stroke={1.75} aria-label={t('start.left')} />
            )}
            <Link to={targets[item.key] ?? '/'} className="grow">
              <span className={item === left ? 'strong' : undefined}>{t(`checklist.${item.key}`)}</span>
              <span className="caption">{t(`start.${item.key}`)}</span>
            </Link>
            <IconChevronRight size={16} stroke={1.75} aria-hidden />
          </li>
        ))}
      </ol>
      {may('settings') && <ExampleBox />}
    </>
  );
}
