import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { loadLater } from '../base/i18n';
import { Broken } from './Broken';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

/* The address holds filters, view, row and panel as plain text, the same names as in the API. */
export type Search = Record<string, string | undefined>;

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(
      Object.entries(search).flatMap(([k, v]) => (v === undefined || v === null ? [] : [[k, String(v)]])),
    ),
});

const page = (path: string, load: () => Promise<Record<string, unknown>>, name = 'default') =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load as () => Promise<Record<string, React.ComponentType>>, name),
  });

/* Pages that say more than the desk does bring those words with them. */
const worded =
  <T,>(load: () => Promise<T>) =>
  () =>
    Promise.all([load(), loadLater()]).then(([made]) => made);
const settings = worded(() => import('./SettingsPage'));

const tree = root.addChildren([
  page(
    '/',
    worded(() => import('../features/overview/OverviewPage')),
  ),
  page('/orders', () => import('../features/orders/OrdersPage')),
  page(
    '/orders/board',
    worded(() => import('../features/orders/board/BoardPage')),
  ),
  page(
    '/orders/$id',
    worded(() => import('../features/orders/OrderPage')),
  ),
  page(
    '/returns',
    worded(() => import('../features/returns/ReturnsPage')),
  ),
  page(
    '/returns/claims',
    worded(() => import('../features/returns/claims/ClaimsPage')),
  ),
  page(
    '/returns/claims/$id',
    worded(() => import('../features/returns/claims/ClaimPage')),
  ),
  page(
    '/returns/$id',
    worded(() => import('../features/returns/ReturnPage')),
  ),
  page('/tasks', () => import('../features/tasks/TasksPage')),
  page(
    '/customers',
    worded(() => import('../features/customers/CustomersPage')),
  ),
  page(
    '/customers/$id',
    worded(() => import('../features/customers/CustomerPage')),
  ),
  createRoute({
    getParentRoute: () => root,
    path: '/analytics',
    beforeLoad: () => {
      throw redirect({ to: '/analytics/$report', params: { report: 'returns' } });
    },
  }),
  page(
    '/analytics/$report',
    worded(() => import('../features/analytics/AnalyticsPage')),
  ),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    beforeLoad: () => {
      throw redirect({ to: '/settings/$section', params: { section: 'channels' } });
    },
  }),
  page('/settings/$section', settings),
  page('/settings/$section/$id', settings),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search as Search).filter((e): e is [string, string] => e[1] !== undefined);
    const text = new URLSearchParams(kept).toString().replaceAll('%2C', ',');
    return text ? `?${text}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
