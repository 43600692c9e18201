import { ActionIcon, Menu, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import {
  IconHelp,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
  IconWifiOff,
} from '@tabler/icons-react';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../base/words';
import { call } from '../api/client';
import { serverClock } from '../base/clock';
import { formatTime } from '../base/format';
import { setGoMap, useHotkeys } from '../base/hotkeys';
import { languageNames } from '../base/i18n';
import { languages } from '../base/languages';
import { lazyIdle } from '../base/lazyIdle';
import { useOrderActions } from '../base/orderActions';
import { useSaveSession } from '../base/session';
import { useMay, useSession } from '../base/shop';
import { Kbd, Person, useOffline } from '../ui/bits';
import { DropMenu } from '../ui/Drop';
import { Guard } from '../ui/states';
import { Tip } from '../ui/Tip';
import { Bell } from './notices/Bell';
import { ChannelState } from './ChannelState';
import { ScanGate } from './ScanGate';
import { SideNav } from './SideNav';
import { settingsSection, workSections } from './sections';
import './shell.css';

const Palette = lazyIdle(() => import('./palette/Palette'));
const Shortcuts = lazyIdle(() => import('./Shortcuts'));

function OfflineBar() {
  const { t } = useWords();
  const session = useSession();
  const lost = useOffline();
  if (lost === null) return null;
  const zone = session.shop.time_zone;
  const since = formatTime(new Date(lost).toISOString(), zone);
  const shown = formatTime(new Date(serverClock.heardAt()).toISOString(), zone);
  return (
    <div className="offline" role="alert">
      <IconWifiOff size={16} stroke={1.75} aria-hidden />
      {t('app.offline', { since, shown })}
    </div>
  );
}

export function Shell() {
  const { t } = useWords();
  const session = useSession();
  const may = useMay();
  const router = useRouter();
  const save = useSaveSession();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const [palette, setPalette] = useState(false);
  /* Whoever leaves the palette goes on where the focus was, also in the middle of a text. */
  const before = useRef<Element | null>(null);
  const openPalette = () => {
    before.current ??= document.activeElement;
    setPalette(true);
  };
  const closePalette = () => {
    const back = before.current;
    before.current = null;
    setPalette(false);
    // After the trap of the dialog has let go.
    setTimeout(() => back instanceof HTMLElement && back.isConnected && back.focus());
  };
  const [help, setHelp] = useState(false);
  const { undoLast } = useOrderActions();
  const sections = workSections.filter((s) => !s.needs || may(s.needs));

  const go = useCallback((to: string) => void router.navigate({ to }), [router]);
  useEffect(() => {
    const map = [...sections, settingsSection].map((s) => [s.go, () => go(s.to)] as const);
    setGoMap(Object.fromEntries(map));
  }, [go, sections]);

  /* The first screen is that of the orders; who may not see them begins with what they may. */
  const path = useLocation({ select: (l) => l.pathname });
  const home = sections[0]?.to ?? '/settings/profile';
  useEffect(() => {
    if (path === '/' && home !== '/') void router.navigate({ to: home, replace: true });
  }, [path, home, router]);

  const flip = () => save.mutate({ theme: scheme === 'dark' ? 'light' : 'dark' });
  useHotkeys({ 'mod+KeyK': openPalette, 'mod+shift+KeyL': flip }, { inDialog: true, inText: true });
  useHotkeys({ 'shift+Slash': () => setHelp(true), 'mod+KeyZ': () => (undoLast() ? undefined : false) });

  const signOut = async () => {
    await call('DELETE', '/api/session').catch(() => undefined);
    window.location.assign('/');
  };

  const ThemeIcon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <header className="top">
        <div className="top-shop">
          <span className="logo" aria-hidden>
            <svg viewBox="0 0 32 32" width="24" height="24">
              <rect width="32" height="32" rx="8" fill="var(--ink)" />
              <path
                d="M10 12h11l-3.5-3.5M22 20H11l3.5 3.5"
                fill="none"
                stroke="var(--on-ink)"
                strokeWidth="2.6"
                strokeLinecap="round"
                strokeLinejoin="round"
              />
            </svg>
          </span>
          <span className="cut strong top-shop-name">{session.shop.name}</span>
          {session.shop.demo && <span className="chip top-demo">{t('app.demo')}</span>}
        </div>
        <UnstyledButton className="top-search" onClick={openPalette} aria-label={t('palette.title')}>
          <IconSearch size={16} stroke={1.75} aria-hidden />
          <span className="grow cut">{t('palette.placeholder')}</span>
          <span className="top-search-keys">
            <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
          </span>
        </UnstyledButton>
        <div className="top-end">
          <ChannelState />
          <DropMenu
            target={(props) => (
              <Tip label={() => t('profile.language')}>
                <ActionIcon {...props} aria-label={t('profile.language')} className="top-lang">
                  {session.user.language.toUpperCase()}
                </ActionIcon>
              </Tip>
            )}
          >
            {() =>
              languages.map((lang) => (
                <Menu.Item
                  key={lang}
                  aria-current={lang === session.user.language}
                  onClick={() => save.mutate({ language: lang })}
                >
                  {languageNames[lang]}
                </Menu.Item>
              ))
            }
          </DropMenu>
          <Tip label={() => `${t('profile.theme')} · Ctrl Shift L`}>
            <ActionIcon aria-label={t('profile.theme')} onClick={flip} className="top-theme">
              <ThemeIcon size={18} stroke={1.75} />
            </ActionIcon>
          </Tip>
          <Bell />
          <Tip label={() => `${t('keys.title')} · ?`}>
            <ActionIcon aria-label={t('keys.title')} onClick={() => setHelp(true)} className="top-help">
              <IconHelp size={18} stroke={1.75} />
            </ActionIcon>
          </Tip>
          <DropMenu
            target={(props) => (
              <UnstyledButton {...props} className="top-person" aria-label={session.user.name}>
                <Person name={session.user.name} size={26} />
              </UnstyledButton>
            )}
          >
            {() => (
              <>
                <Menu.Label>{session.user.name}</Menu.Label>
                <Menu.Item
                  leftSection={<IconUserCircle size={16} stroke={1.75} />}
                  onClick={() => go('/settings/profile')}
                >
                  {t('settings.profile')}
                </Menu.Item>
                <Menu.Item
                  leftSection={<IconLogout size={16} stroke={1.75} />}
                  onClick={() => void signOut()}
                >
                  {t('auth.sign_out')}
                </Menu.Item>
              </>
            )}
          </DropMenu>
        </div>
      </header>
      <SideNav sections={sections} />
      <main className="sheet" id="content">
        <OfflineBar />
        <div className="sheet-body">
          <Guard place={path}>
            <Outlet />
          </Guard>
        </div>
      </main>
      <Suspense>
        {palette && <Palette onClose={closePalette} onHelp={() => setHelp(true)} onTheme={flip} />}
      </Suspense>
      <ScanGate onFound={() => setPalette(false)} />
      <Suspense>{help && <Shortcuts onClose={() => setHelp(false)} />}</Suspense>
    </div>
  );
}
