import { ActionIcon } from '@mantine/core';
import { IconExternalLink, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ClaimAction, ClaimCard, ClaimRow } from '../../../api/types';
import { Bones, ErrorState } from '../../../ui/bits';
import { ChannelBadge } from '../../../ui/ChannelBadge';
import { SlaChip } from '../../../ui/SlaChip';
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
import type { ClaimEdit } from './useClaimActs';
import '../../../ui/forms.css';
import '../../../ui/record.css';

interface Props {
  row: ClaimRow;
  card: ClaimCard | undefined;
  error: unknown;
  retry: () => void;
  busy: boolean;
  offline: boolean;
  onClose: () => void;
  onOpen: () => void;
  onAct: (action: ClaimAction) => void;
  onSave: (body: ClaimEdit) => void;
}

export default function ClaimPeek({ row, card, error, retry, ...p }: Props) {
  const { t } = useTranslation();
  const subject = useSubjectText();
  return (
    <aside className="peek ret-peek" data-testid="peek" aria-label={t('claims.peek')}>
      <div className="row">
        <ChannelBadge channel={row.channel} />
        <h2 className="cut">
          {t('claims.named', { subject: subject(row.subject), number: claimNumber(row) })}
        </h2>
        {(card ?? row).deadline_at && <SlaChip due={dueOf(card ?? row)} />}
        <span className="end row">
          <ActionIcon aria-label={t('keys.open')} onClick={p.onOpen}>
            <IconExternalLink size={16} stroke={1.75} />
          </ActionIcon>
          <ActionIcon aria-label={t('do.close')} onClick={p.onClose}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </span>
      </div>
      <div className="ret-peek-body">
        {error && !card ? (
          <ErrorState error={error} retry={retry} />
        ) : !card ? (
          <Bones lines={9} />
        ) : (
          <>
            <div className="row row-wrap">
              <ClaimStateChip state={card.state} />
            </div>
            <ClaimFactsBox card={card} />
            <EvidenceBox card={card} busy={p.busy} offline={p.offline} onSave={p.onSave} />
            <FactsBox card={card} />
            <ClaimHistory card={card} />
          </>
        )}
      </div>
      {card && <ClaimBar card={card} busy={p.busy} offline={p.offline} beside={1} onAct={p.onAct} />}
    </aside>
  );
}
