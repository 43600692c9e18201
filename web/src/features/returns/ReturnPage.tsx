import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { IconAlertTriangle, IconArrowLeft, IconCheck, IconLink } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { useHotkeys } from '../../base/hotkeys';
import { lastOpened } from '../../base/lastOpened';
import { useOpenHere } from '../../base/presence';
import { useOrderActions } from '../../base/orderActions';
import { useReturnActions } from '../../base/returnActions';
import { useMay } from '../../base/shop';
import { Bones, ErrorState } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { SlaChip } from '../../ui/SlaChip';
import { useTroubleText } from '../../ui/returns/source';
import { ReturnCommandChip, ReturnStateChip, RuleChip } from '../../ui/returns/state';
import { NoRight } from '../../ui/states';
import { AssignReturn } from './AssignReturn';
import { numberOf } from './columns';
import { DecideBar } from './DecideBar';
import { DisposeForm, undecided } from './DisposeForm';
import { InspectForm } from './InspectForm';
import { ClaimsBox, RefundsBox } from './MoneyBoxes';
import { PhotosBox } from './PhotosBox';
import { cardAsked } from './query';
import { BuyerBox, DueBox, LinesBox, OrderBox, RulesBox, WordsBox } from './ReturnBoxes';
import { ReturnHistory } from './ReturnHistory';
import { ReturnPath } from './ReturnPath';
import { RuleBox } from './RuleBox';
import { allowed } from './steps';
import { useDecide } from './useDecide';
import { decideKeys } from './useDecideKeys';
import '../../ui/record.css';
import '../../ui/forms.css';
import './returns.css';

export default function ReturnPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { id = '' } = useParams({ strict: false });
  const sees = may('returns.see');
  const card = useQuery({ ...cardAsked(id), enabled: sees });
  const data = card.data;
  useEffect(() => {
    if (data)
      lastOpened.add({ to: `/returns/${data.id}`, title: t('returns.named', { number: numberOf(data) }) });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once per return
  }, [data?.id]);
  if (!sees) return <NoRight />;
  if (card.error && !data) return <ErrorState error={card.error} retry={() => void card.refetch()} />;
  if (!data)
    return (
      <div className="record-bones" aria-label={t('app.loading')}>
        <Bones lines={10} height={26} />
      </div>
    );
  return <Body key={data.id} card={data} />;
}

function Body({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const trouble = useTroubleText();
  const may = useMay();
  const { settle } = useOrderActions();
  const { split } = useReturnActions();
  const inspect = useRef<HTMLDivElement>(null);
  useOpenHere(card.order_id ?? undefined);
  const toInspect = () => {
    inspect.current?.scrollIntoView({ block: 'center' });
    const send = inspect.current?.querySelector<HTMLButtonElement>('button[type="submit"]');
    if (send && !send.disabled) send.click();
    else inspect.current?.querySelector<HTMLElement>('input:not(:checked)')?.focus();
  };
  const { decide, send, busy, offline, dialog } = useDecide(toInspect);
  const inspects = card.state === 'received' && allowed(card).includes('inspect');
  const disposes = allowed(card).includes('dispose') && undecided(card).length > 0;
  const back = () => {
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/returns' });
  };
  const [assigning, setAssigning] = useState(false);
  useHotkeys({
    ...decideKeys(card, (action) => decide(card, action)),
    KeyA: () => (may('returns.decide') ? setAssigning(true) : false),
    Escape: back,
  });
  const open = card.command && card.command.state !== 'done' && card.command.state !== 'undone';
  return (
    <div className="scroll-page">
      <div className="record-head ret-head">
        <ActionIcon aria-label={t('do.back')} onClick={back}>
          <IconArrowLeft size={18} stroke={1.75} />
        </ActionIcon>
        <ChannelBadge channel={card.channel} />
        <h1 className="num cut">{t('returns.named', { number: numberOf(card) })}</h1>
        <CopyButton value={`${window.location.origin}/returns/${card.id}`}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t('do.copied') : t('order.copy_link')}>
              <ActionIcon aria-label={t('order.copy_link')} onClick={copy}>
                {copied ? <IconCheck size={16} stroke={1.75} /> : <IconLink size={16} stroke={1.75} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
        <ReturnStateChip state={card.state} native={card.external_state} />
        {card.deadline_at && <SlaChip due={card} />}
        {open && card.command && <ReturnCommandChip command={card.command} />}
        {card.rule && <RuleChip rule={card.rule} />}
        <AssignReturn card={card} open={assigning} onOpen={setAssigning} />
        <span className="record-actions">
          <DecideBar
            card={card}
            busy={busy}
            offline={offline}
            onAct={(action) => decide(card, action)}
            without={['dispose']}
          />
        </span>
      </div>
      {card.problem && (
        <div className="record-note">
          <div className="notice">
            <IconAlertTriangle size={16} stroke={1.75} className="notice-icon" aria-hidden />
            {trouble(card.problem)}
          </div>
        </div>
      )}
      {card.command?.text && (card.command.state === 'refused' || card.command.state === 'dead') && (
        <div className="record-note">
          <div className="notice notice-red" role="alert">
            <span className="grow">{t('returns.refused_by_market', { text: card.command.text })}</span>
            {may('orders.work') && (
              <Button
                size="xs"
                disabled={offline}
                onClick={() => card.command && void settle(card.command.id, 'retry')}
              >
                {t('do.retry')}
              </Button>
            )}
          </div>
        </div>
      )}
      {card.joined && (
        <div className="record-note">
          <div className="notice notice-accent">
            <span className="grow">{t('returns.joined')}</span>
            {may('returns.decide') && (
              <Button
                size="xs"
                disabled={offline}
                onClick={() => void split(card)}
                data-testid="return-split"
              >
                {t('returns.split_rows')}
              </Button>
            )}
          </div>
        </div>
      )}
      <div className="record">
        <div className="record-main">
          <ReturnPath card={card} />
          {inspects ? (
            <div ref={inspect}>
              <InspectForm
                card={card}
                busy={busy}
                onSend={(lines) => void send(card, 'inspect', { lines })}
              />
            </div>
          ) : (
            <LinesBox card={card} />
          )}
          {disposes && (
            <DisposeForm
              key={card.version}
              card={card}
              busy={busy}
              onSend={(lines) => void send(card, 'dispose', { lines })}
            />
          )}
          <WordsBox card={card} />
          <PhotosBox id={card.id} />
          <ReturnHistory card={card} />
        </div>
        <div className="record-side">
          <DueBox card={card} />
          <BuyerBox card={card} />
          <RulesBox card={card} />
          <RuleBox card={card} />
          <RefundsBox card={card} />
          <ClaimsBox card={card} />
          <OrderBox card={card} />
        </div>
      </div>
      {dialog}
    </div>
  );
}
