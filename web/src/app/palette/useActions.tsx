import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard, OrderAction, OrderCard } from '../../api/types';
import { formatNumber, formatPhone } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { useMay, useSession } from '../../base/shop';
import { toast } from '../../base/toasts';
import type { Entry } from './entry';

/* Those that need nothing said about them; the others have their questions on the order's page. */
const atOnce: OrderAction[] = ['confirm', 'assemble', 'release'];

/** What can be done with one result: Tab shows it, as the server allows it at this moment. */
export function useActions(about: Entry['about']): Entry[] {
  const { t } = useTranslation();
  const router = useRouter();
  const may = useMay();
  const me = useSession().user.id;
  const { act, assign } = useOrderActions();
  const orderId = about?.kind === 'order' ? about.row.id : '';
  const card = useQuery({
    queryKey: keys.order(orderId),
    queryFn: () => get<OrderCard>(`/api/orders/${orderId}`),
    enabled: orderId !== '',
  });
  if (!about) return [];

  const out: Entry[] = [];
  const add = (key: string, label: string, run: () => void) =>
    out.push({ key, group: t('palette.actions'), run, body: <span className="grow">{label}</span> });
  const open = (to: string) => () => void router.navigate({ to });
  const copy = (text: string) => () =>
    void navigator.clipboard?.writeText(text).then(() => toast(t('do.copied')));

  if (about.kind === 'order') {
    const { row } = about;
    const allowed = card.data?.actions.filter((a) => a.allowed).map((a) => a.action) ?? [];
    for (const action of atOnce)
      if (allowed.includes(action)) add(action, t(`action.${action}`), () => void act(row, action));
    add('open', t('palette.open_order'), open(`/orders/${row.id}`));
    if (may('orders.work') && row.assignee_id !== me)
      add('take', t('palette.take'), () => void assign(row.id, me));
    if (row.customer_id && may('customers.see'))
      add('customer', t('palette.open_customer'), open(`/customers/${row.customer_id}`));
    add('copy', t('palette.copy', { text: formatNumber(row.number) }), copy(row.number));
  } else {
    const { row } = about;
    add('open', t('palette.open_customer'), open(`/customers/${row.id}`));
    // What is found shows the end of a telephone only; the whole is on the card, where the view is written down.
    if (row.phone && may('contacts.see'))
      add(
        'copy',
        t('palette.copy', { text: formatPhone(row.phone) }),
        () => void get<CustomerCard>(`/api/customers/${row.id}`).then((c) => copy(c.phone)()),
      );
  }
  return out;
}
