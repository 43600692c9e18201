import { ActionIcon } from '@mantine/core';
import { IconExternalLink, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReturnAction, ReturnCard, ReturnRow } from '../../api/types';
import { Bones, ErrorState } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { SlaChip } from '../../ui/SlaChip';
import { useTroubleText } from '../../ui/returns/source';
import { AssignReturn } from './AssignReturn';
import { numberOf, Stage } from './columns';
import { DecideBar } from './DecideBar';
import { BuyerBox, LinesBox, RulesBox, WordsBox } from './ReturnBoxes';
import { RefundsBox } from './MoneyBoxes';
import { ReturnPath } from './ReturnPath';
import { RuleBox } from './RuleBox';
import '../../ui/forms.css';
import '../../ui/record.css';

interface Props {
  row: ReturnRow;
  card: ReturnCard | undefined;
  error: unknown;
  retry: () => void;
  busy: boolean;
  offline: boolean;
  onClose: () => void;
  onOpen: () => void;
  onAct: (action: ReturnAction) => void;
  assigning: boolean;
  onAssign: (open: boolean) => void;
}

/** All that a decision needs, beside the list; the decision itself stands at the bottom. */
export default function ReturnPeek({ row, card, error, retry, ...p }: Props) {
  const { t } = useTranslation();
  const trouble = useTroubleText();
  return (
    <aside className="peek ret-peek" data-testid="peek" aria-label={t('returns.peek')}>
      <div className="row">
        <ChannelBadge channel={row.channel} />
        <h2 className="num cut">{t('returns.named', { number: numberOf(row) })}</h2>
        <SlaChip due={card ?? row} />
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
            <ReturnPath card={card} />
            <div className="row row-wrap">
              <Stage row={card} />
              <span className="end">
                <AssignReturn card={card} open={p.assigning} onOpen={p.onAssign} />
              </span>
            </div>
            {card.problem && <div className="notice">{trouble(card.problem)}</div>}
            <LinesBox card={card} />
            <WordsBox card={card} />
            <BuyerBox card={card} />
            <RulesBox card={card} />
            <RuleBox card={card} />
            <RefundsBox card={card} />
          </>
        )}
      </div>
      {card && <DecideBar card={card} busy={p.busy} offline={p.offline} onAct={p.onAct} beside={1} />}
    </aside>
  );
}
