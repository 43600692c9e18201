import type { QueryClient } from '@tanstack/react-query';
import { sessionAsked } from '../api/asked';
import type { Session } from '../api/types';
import { setLanguage, startI18n } from '../base/i18n';
import { askDesk } from '../features/orders/askDesk';
import { begun } from './early';
import { router } from './router';

/* What the first screen shows is asked for before it is drawn: a screen that is drawn whole is there in half the time of one
 * that is drawn anew with each answer. */

const patienceMs = 600;
/** What is all but here is waited for; on a slow line, or in trouble, the screen says so itself. */
const soon = (work: Promise<unknown>) =>
  Promise.race([work.catch(() => undefined), new Promise((done) => setTimeout(done, patienceMs))]);

const seesDesk = (session: Session) =>
  location.pathname === '/orders' && session.user.permissions.includes('orders.see');

/** Resolves when the first screen can be drawn. */
export async function askFirst(client: QueryClient) {
  const asked = client.fetchQuery({ ...sessionAsked, retry: false }).catch(() => null);
  // What the early questions have not asked yet is asked by them, and not twice.
  const desk = Promise.all([asked, begun]).then(
    async ([s]) => s && seesDesk(s) && (await askDesk(client, location.search)),
  );
  const shown = soon(desk);
  await startI18n();
  const session = await asked;
  if (!session) return;
  await setLanguage(session.user.language);
  await Promise.all([shown, soon(router.load())]);
}
