import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard } from '../../api/types';
import { formatPhone } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { lastOpened } from '../../base/lastOpened';
import { Bones, ErrorState, Person } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { canReturn } from '../../ui/returns/canReturn';
import { ReturnButton } from '../../ui/returns/ReturnButton';
import { ReturnsBox } from '../../ui/returns/ReturnsBox';
import { CardMenu } from './CardMenu';
import { CardTags } from './CardTags';
import { DuplicateBanner } from './DuplicateBanner';
import { Figures } from './Figures';
import { MergeDialog } from './MergeDialog';
import { BoughtBox, OrdersBox } from './OrdersBox';
import { ConsentsBox } from './ConsentsBox';
import { EraseBanner } from './EraseBanner';
import { NotesBox } from './NotesBox';
import { ContactsBox, HistoryBox } from './SideBoxes';
import { SourcesBox } from './SourcesBox';
import { TimelineBox } from './TimelineBox';
import './customer.css';
import '../../ui/forms.css';

export default function CustomerPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const { id = '' } = useParams({ strict: false });
  const [comparing, setComparing] = useState<string | null>(null);
  const card = useQuery({
    queryKey: keys.customer(id),
    queryFn: () => get<CustomerCard>(`/api/customers/${id}`),
  });
  const c = card.data;
  useEffect(() => {
    if (c) lastOpened.add({ to: `/customers/${c.id}`, title: c.name });
  }, [c]);
  const [returning, setReturning] = useState(false);
  const leave = () =>
    router.history.canGoBack() ? router.history.back() : void router.navigate({ to: '/customers' });
  // The newest that has reached him is the likeliest.
  const back = c?.orders.filter((o) => canReturn(o.status)) ?? [];
  useHotkeys({ Escape: leave, KeyR: () => (back.length ? setReturning(true) : false) });
  if (card.error) return <ErrorState error={card.error} retry={() => void card.refetch()} />;
  if (!c) return <Bones lines={8} height={26} />;
  return (
    <div className="scroll-page">
      <div className="page-head customer-head">
        <ActionIcon aria-label={t('do.back')} onClick={leave}>
          <IconArrowLeft size={18} stroke={1.75} />
        </ActionIcon>
        <Person name={c.name} size={36} />
        <div className="grow">
          <h1>
            {c.name}
            {c.do_not_contact && <span className="caption customer-never">{t('customers.is_never')}</span>}
          </h1>
          <div className="soft num cut">
            {[c.phone ? formatPhone(c.phone) : t('order.phone_hidden'), c.email, c.city]
              .filter(Boolean)
              .join(' · ')}
          </div>
          <CardTags card={c} />
        </div>
        <span className="end row">
          {c.channels.map((name) => (
            <ChannelBadge key={name} channel={name} />
          ))}
          <CardMenu card={c} />
        </span>
      </div>
      <div className="customer">
        <EraseBanner card={c} />
        <DuplicateBanner card={c} onCompare={setComparing} />
        <Figures card={c} />
        <div className="customer-two">
          <div className="customer-column">
            <TimelineBox card={c} />
            <OrdersBox card={c} />
            <ReturnsBox query={`customer_id=${c.id}`} several>
              {back.length > 0 && (
                <ReturnButton orders={back} shown="R" opened={returning} onChange={setReturning} />
              )}
            </ReturnsBox>
            <BoughtBox card={c} />
          </div>
          <div className="customer-column">
            <NotesBox card={c} />
            <SourcesBox card={c} />
            <ContactsBox card={c} />
            <ConsentsBox card={c} />
            <HistoryBox card={c} />
          </div>
        </div>
      </div>
      {comparing && <MergeDialog kept={c.id} gone={comparing} onClose={() => setComparing(null)} />}
    </div>
  );
}
