import { useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { endAhead } from '../api/ahead';
import { sessionAsked } from '../api/asked';
import { endWaiting, get, onSignedOut, setCsrf } from '../api/client';
import { keys } from '../api/keys';
import type { Session, Setup } from '../api/types';
import { serverClock } from '../base/clock';
import { bindings, readBindings, setSingleKeysOff } from '../base/hotkeys';
import { loadLater, setLanguage } from '../base/i18n';
import { lazyIdle, startResting, whenResting } from '../base/lazyIdle';
import { SessionContext } from '../base/shop';
import { byName } from '../base/sort';
import { WordsProvider } from '../base/words';
import { ErrorState } from '../ui/bits';
import { Toasts } from '../ui/Toasts';
import { startLive } from './live';
import { router } from './router';

const SignIn = lazy(() => import('../features/auth/SignIn'));
whenResting(() => import('../ui/forms.css'));
const SignInAgain = lazyIdle(() => import('./SignInAgain'));
const FirstRun = lazy(() =>
  Promise.all([import('../features/auth/FirstRun'), loadLater()]).then(([made]) => made),
);
const DueFactor = lazy(() =>
  Promise.all([import('../features/auth/DueFactor'), loadLater()]).then(([made]) => made),
);
const Join = lazy(() => Promise.all([import('../features/auth/Join'), loadLater()]).then(([made]) => made));
whenResting(loadLater);

export function App() {
  const client = useQueryClient();
  const [expired, setExpired] = useState(false);
  const session = useQuery(sessionAsked);
  const setup = useQuery({
    queryKey: keys.setup,
    queryFn: () => get<Setup>('/api/setup'),
    enabled: session.data === null,
    staleTime: Infinity,
  });
  useEffect(() => onSignedOut(() => client.getQueryData(keys.session) && setExpired(true)), [client]);

  const enter = (made: Session) => {
    const before = client.getQueryData<Session>(keys.session);
    if (before && before.user.id !== made.user.id) {
      // What the one before had on screen is nothing for who comes now.
      endWaiting(false);
      return window.location.assign('/');
    }
    setCsrf(made.csrf);
    setExpired(false);
    client.setQueryData(keys.session, made);
    endWaiting(true);
    void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
  };

  // A link of invitation is taken before anybody asks who is signed in: it may be somebody else's browser.
  if (window.location.pathname === '/join')
    return (
      <Suspense>
        <Join token={window.location.hash.slice(1)} />
      </Suspense>
    );
  if (session.error) return <ErrorState error={session.error} retry={() => void session.refetch()} />;
  if (session.data?.user.second_factor === 'due')
    return (
      <Suspense>
        <Due session={session.data} />
      </Suspense>
    );
  if (session.data) {
    return (
      <SignedIn session={session.data}>
        {expired && (
          <Suspense>
            <SignInAgain login={session.data.user.login} onEnter={enter} />
          </Suspense>
        )}
      </SignedIn>
    );
  }
  if (session.isLoading || setup.isLoading) return null;
  return (
    <Suspense>
      {setup.data?.needs_owner ? (
        <FirstRun setup={setup.data} onEnter={enter} />
      ) : (
        <SignIn onEnter={enter} demo={setup.data?.demo_login ?? null} />
      )}
    </Suspense>
  );
}

/** Signed in, and nothing is open yet. */
function Due({ session }: { session: Session }) {
  const { setColorScheme } = useMantineColorScheme();
  useMemo(() => setCsrf(session.csrf), [session.csrf]);
  useEffect(() => void setLanguage(session.user.language), [session.user.language]);
  useEffect(() => setColorScheme(session.user.theme), [session.user.theme, setColorScheme]);
  useEffect(endAhead, []);
  return (
    <>
      <DueFactor />
      <Toasts />
    </>
  );
}

function SignedIn({ session, children }: { session: Session; children: React.ReactNode }) {
  const client = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  // Set before the first child asks for anything.
  useMemo(() => {
    setCsrf(session.csrf);
    serverClock.set(session.now);
  }, [session.csrf, session.now]);
  useEffect(() => void setLanguage(session.user.language), [session.user.language]);
  useEffect(() => setColorScheme(session.user.theme), [session.user.theme, setColorScheme]);
  useEffect(() => setSingleKeysOff(session.user.keys_off === true), [session.user.keys_off]);
  useEffect(() => bindings.set(readBindings(session.user.keys)), [session.user.keys]);
  useEffect(() => startLive(client), [client]);
  useEffect(startResting, []);
  useEffect(endAhead, []);
  const { language } = session.user;
  const sorted = useMemo(
    () => ({ ...session, users: byName(session.users, (u) => u.name, language) }),
    [session, language],
  );
  return (
    <SessionContext.Provider value={sorted}>
      <WordsProvider>
        <RouterProvider router={router} />
        <Toasts />
        {children}
      </WordsProvider>
    </SessionContext.Provider>
  );
}
