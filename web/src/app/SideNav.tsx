import { Menu } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { IconDots, IconFlame } from '@tabler/icons-react';
import { returnsOpenAsked, viewsAsked } from '../api/asked';
import { formatCount } from '../base/format';
import { useMay, useSession } from '../base/shop';
import { useWords } from '../base/words';
import { useLang } from '../ui/bits';
import { DropMenu } from '../ui/Drop';
import { onPhone, settingsSection, type Section } from './sections';

interface Waiting {
  count?: number;
  red?: number;
}

/** How much waits in a section, and how much of it burns. */
function useWaiting(): Record<string, Waiting> {
  const may = useMay();
  const views = useQuery({ ...viewsAsked, enabled: may('orders.see') }).data;
  const returns = useQuery({ ...returnsOpenAsked, enabled: may('returns.see') }).data;
  const fresh = views?.find((v) => v.key === 'new') ?? views?.[0];
  return {
    orders: { count: fresh?.count, red: fresh?.red },
    returns: {
      count: returns?.total.count,
      red: returns && returns.zones.breached.count + returns.zones.red.count,
    },
  };
}

const isHere = (path: string, section: Section) =>
  section.to === '/' ? path === '/' : path.startsWith(section.to);

function Numbers({ count, red }: Waiting) {
  const { t } = useWords();
  const lang = useLang();
  return (
    <>
      {count ? <span className="nav-count num">{formatCount(count, lang)}</span> : null}
      {red ? (
        <span className="nav-red num" aria-label={t('nav.red', { count: red })}>
          <IconFlame size={12} stroke={2} aria-hidden />
          {formatCount(red, lang)}
        </span>
      ) : null}
    </>
  );
}

function NavLink({ section, waiting }: { section: Section; waiting?: Waiting }) {
  const { t } = useWords();
  const path = useLocation({ select: (l) => l.pathname });
  const Icon = section.icon;
  return (
    <Link
      to={section.to}
      className="nav-link"
      data-testid={`nav-${section.name}`}
      aria-current={isHere(path, section) ? 'page' : undefined}
      title={t(`nav.${section.name}`)}
    >
      <Icon size={17} stroke={1.75} aria-hidden />
      <span className="nav-text grow">{t(`nav.${section.name}`)}</span>
      <Numbers {...waiting} />
    </Link>
  );
}

/** What has no place of its own in the bar of a phone. */
function More({ sections, waiting }: { sections: Section[]; waiting: Record<string, Waiting> }) {
  const { t } = useWords();
  const path = useLocation({ select: (l) => l.pathname });
  return (
    <DropMenu
      position="top-end"
      target={(props) => (
        <button
          {...props}
          type="button"
          className="nav-link"
          aria-current={sections.some((s) => isHere(path, s)) ? 'page' : undefined}
          data-testid="nav-more"
        >
          <IconDots size={17} stroke={1.75} aria-hidden />
          <span className="nav-text">{t('do.more')}</span>
        </button>
      )}
    >
      {() =>
        sections.map((s) => (
          <Menu.Item
            key={s.name}
            component={Link}
            to={s.to}
            leftSection={<s.icon size={18} stroke={1.75} />}
            rightSection={<Numbers {...waiting[s.name]} />}
            aria-current={isHere(path, s) ? 'page' : undefined}
            data-testid={`nav-${s.name}`}
          >
            {t(`nav.${s.name}`)}
          </Menu.Item>
        ))
      }
    </DropMenu>
  );
}

/** The column of sections. On a phone it is a bar of five: where the role works, and the rest behind «Ещё». */
export function SideNav({ sections }: { sections: Section[] }) {
  const { t } = useWords();
  const { user } = useSession();
  const phone = useMediaQuery('(max-width: 767px)', false, { getInitialValueInEffect: false });
  const waiting = useWaiting();
  const shown = sections.filter((s) => !s.inside);
  const first = phone ? onPhone(shown, user.roles) : shown;
  const rest = [...shown.filter((s) => !first.includes(s)), settingsSection];
  return (
    <nav className="side" aria-label={t('nav.label')}>
      <div className="side-label">{t('nav.work')}</div>
      {first.map((s) => (
        <NavLink key={s.name} section={s} waiting={waiting[s.name]} />
      ))}
      <div className="side-end">
        {phone && rest.length > 1 ? (
          <More sections={rest} waiting={waiting} />
        ) : (
          <NavLink section={settingsSection} />
        )}
      </div>
    </nav>
  );
}
