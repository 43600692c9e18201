import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ClaimCard } from '../../../api/types';
import { useHotkeys } from '../../../base/hotkeys';
import { useMay } from '../../../base/shop';
import { Bones, Card, ErrorState } from '../../../ui/bits';
import { ChannelBadge } from '../../../ui/ChannelBadge';
import { SlaChip } from '../../../ui/SlaChip';
import { NoRight } from '../../../ui/states';
import { BuyerPhotos, useReturnPhotos } from '../BuyerPhotos';
import { PhotosBox } from '../PhotosBox';
import { ClaimBar } from './ClaimBar';
import {
  ClaimFactsBox,
  ClaimHistory,
  claimNumber,
  ClaimStateChip,
  FactsBox,
  useSubjectText,
} from './ClaimBoxes';
import { dueOf } from './columns';
import { EvidenceBox } from './EvidenceBox';
import { claimAsked } from './query';
import { mainOf } from './steps';
import { useClaimActs } from './useClaimActs';
import '../../../ui/record.css';
import '../../../ui/forms.css';
import '../returns.css';

export default function ClaimPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { id = '' } = useParams({ strict: false });
  const sees = may('returns.see');
  const card = useQuery({ ...claimAsked(id), enabled: sees });
  if (!sees) return <NoRight />;
  if (card.error && !card.data) return <ErrorState error={card.error} retry={() => void card.refetch()} />;
  if (!card.data)
    return (
      <div className="record-bones" aria-label={t('app.loading')}>
        <Bones lines={8} height={26} />
      </div>
    );
  return <Body card={card.data} />;
}

function Body({ card }: { card: ClaimCard }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const subject = useSubjectText();
  const { act, edit, busy, offline, dialog } = useClaimActs();
  const main = mainOf(card);
  const back = () => {
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/returns/claims' });
  };
  useHotkeys({ KeyC: () => (main ? act(card, main) : false), Escape: back });
  return (
    <div className="scroll-page">
      <div className="record-head ret-head">
        <ActionIcon aria-label={t('do.back')} onClick={back}>
          <IconArrowLeft size={18} stroke={1.75} />
        </ActionIcon>
        <ChannelBadge channel={card.channel} />
        <h1 className="cut">
          {t('claims.named', { subject: subject(card.subject), number: claimNumber(card) })}
        </h1>
        <ClaimStateChip state={card.state} />
        {card.deadline_at && <SlaChip due={dueOf(card)} />}
        <span className="record-actions">
          <ClaimBar card={card} busy={busy} offline={offline} beside={2} onAct={(a) => act(card, a)} />
        </span>
      </div>
      <div className="record">
        <div className="record-main">
          <EvidenceBox card={card} busy={busy} offline={offline} onSave={(body) => void edit(card, body)} />
          {card.return_id && <BuyersBox id={card.return_id} />}
          {card.return_id && <PhotosBox id={card.return_id} />}
          <ClaimHistory card={card} />
        </div>
        <div className="record-side">
          <ClaimFactsBox card={card} />
          <FactsBox card={card} />
        </div>
      </div>
      {dialog}
    </div>
  );
}

/** Evidence too: what the buyer has sent with his request. */
function BuyersBox({ id }: { id: string }) {
  const { t } = useTranslation();
  const list = useReturnPhotos(id).data;
  if (!list?.links.length && !list?.items.some((p) => p.by_buyer)) return null;
  return (
    <Card title={t('returns.buyer_photos')}>
      <BuyerPhotos id={id} />
    </Card>
  );
}
