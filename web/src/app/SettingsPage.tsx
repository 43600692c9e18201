import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../base/shop';
import { Bones } from '../ui/bits';
import { Guard, NoRight } from '../ui/states';
import { settingsParts } from './sections';
import '../ui/forms.css';
import './settings.css';

const parts: Record<string, React.LazyExoticComponent<React.ComponentType<{ id?: string }>>> = {
  start: lazy(() => import('../features/start/StartPage')),
  shop: lazy(() => import('../features/shop/ShopPage')),
  outbox: lazy(() => import('../features/outbox/OutboxPage')),
  channels: lazy(() => import('../features/channels/ChannelsPage')),
  deadlines: lazy(() => import('../features/deadlines/DeadlinesPage')),
  returns: lazy(() => import('../features/returns/ReturnSettings')),
  users: lazy(() => import('../features/people/UsersPage')),
  keys: lazy(() => import('../features/people/KeysPage')),
  audit: lazy(() => import('../features/people/AuditPage')),
  profile: lazy(() => import('../features/profile/ProfilePage')),
};

/** On a phone the tabs are wider than the screen: the open one is in sight. */
const intoSight = (tab: HTMLElement | null) => tab?.scrollIntoView?.({ block: 'nearest', inline: 'center' });

export default function SettingsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { section, id } = useParams({ strict: false });
  const open = settingsParts.filter((p) => !p.needs || may(p.needs));
  const allowed = open.find((p) => p.name === section);
  const Part = allowed ? parts[allowed.name] : undefined;
  return (
    <div className="settings">
      <div className="page-head">
        <h1>{t('nav.settings')}</h1>
      </div>
      <nav className="settings-nav" aria-label={t('nav.settings')}>
        {open.map((p) => (
          <Link
            key={p.name}
            to="/settings/$section"
            params={{ section: p.name }}
            data-testid={`nav-settings-${p.name}`}
            aria-current={p.name === section ? 'page' : undefined}
            ref={p.name === section ? intoSight : undefined}
          >
            {t(`settings.${p.name}`)}
          </Link>
        ))}
      </nav>
      <div className="settings-body">
        <Guard place={`${section}/${id}`}>
          <Suspense fallback={<Bones />}>{Part ? <Part id={id} /> : <NoRight />}</Suspense>
        </Guard>
      </div>
    </div>
  );
}
