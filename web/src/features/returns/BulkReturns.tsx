import { Button, Menu, Modal, Popover, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconDots,
  IconPackageImport,
  IconUserPlus,
  IconX,
} from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkReply, ReturnRow } from '../../api/types';
import { formatCount, formatNumber } from '../../base/format';
import { useProblemText } from '../../base/problem';
import { useReturnActions, type ReturnBulkAction } from '../../base/returnActions';
import type { Selection } from '../../base/selection';
import { useMay } from '../../base/shop';
import { AssignDialog } from '../../ui/AssignDialog';
import { Bones, ErrorState, Kbd, Money, useLang, useOffline } from '../../ui/bits';
import { Submit } from '../../ui/Submit';
import type { BulkAsk, BulkStep as Step } from './steps';
import '../../ui/bulk.css';

const icons = {
  approve: IconCheck,
  receive: IconPackageImport,
  reject: IconBan,
  check: IconCheck,
  close: IconCheck,
};
/** Those of which the server says no, each with what it is now. */
function Refused({ list, rows, action }: { list: BulkReply['refused']; rows: ReturnRow[]; action: Step }) {
  const { t } = useTranslation();
  return (
    <ul className="refusals">
      {list.slice(0, 50).map((r) => {
        const row = rows.find((x) => x.id === r.id);
        const alone = action === 'approve' && row?.kind === 'exchange' && r.text.startsWith('an exchange');
        return (
          <li key={r.id}>
            <span className="strong num">{formatNumber(r.number)}</span>{' '}
            <span className="soft">
              {alone
                ? t('returns.exchange_alone')
                : row
                  ? t('returns.now_is', { state: t(`return_state.${row.state}`) })
                  : t('returns.bulk_gone')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface Props {
  rows: ReturnRow[];
  main: Step;
  selection: Selection;
  ask: BulkAsk | null;
  onAsk: (ask: BulkAsk | null) => void;
  /** What was refused stays selected. */
  onDone: (reply: BulkReply | null) => void;
}

/** Says how many, how much and what will be refused before anything is done; one call for all of them. */
export default function BulkReturns({ rows, main, selection, ask, onAsk, onDone }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const may = useMay();
  const problem = useProblemText();
  const offline = useOffline() !== null;
  const { bulk, tryBulk } = useReturnActions();
  const { picked, count } = selection;
  const can = (step: Step) => may(step === 'receive' ? 'returns.inspect' : 'returns.decide');
  const dry = useQuery({
    queryKey: ['returns', 'dry', main, picked],
    queryFn: () => tryBulk(main, picked),
    enabled: can(main),
    placeholderData: (old) => old,
    retry: false,
  });
  const refused = dry.data?.refused ?? [];
  const run = async (action: ReturnBulkAction, extra: object = {}) => {
    onAsk(null);
    onDone(await bulk(action, picked, extra));
  };
  const button = (step: Step, first: boolean, key?: string) => {
    const Icon = icons[step];
    return (
      <button
        type="button"
        className={first ? 'bulk-main' : 'bulk-do'}
        disabled={offline}
        onClick={() => (first && dry.data ? void run(step) : onAsk(step))}
        data-testid={`bulk-${step}`}
      >
        <Icon size={16} stroke={1.75} aria-hidden />
        <span className="bulk-word">{t(`return_action.${step}`)}</span>
        {key && <Kbd>{key}</Kbd>}
      </button>
    );
  };
  const far = (['approve', 'receive', 'check', 'close'] as const).filter(
    (s) => s !== main && s !== 'receive' && can(s),
  );
  return (
    <div className="bulk ret-bulk" role="region" aria-label={t('bulk.label')} data-testid="bulk-bar">
      <span className="bulk-says">
        <span className="strong num">{t('bulk.picked', { count, n: formatCount(count, lang) })}</span>
        {dry.data && dry.data.sums.length > 0 && (
          <span className="bulk-soft" data-testid="bulk-sum">
            {dry.data.sums.map((s, i) => (
              <Fragment key={s.currency}>
                {i > 0 && ' + '}
                <Money value={s.sum} currency={s.currency} />
              </Fragment>
            ))}
          </span>
        )}
        {dry.error ? (
          <span className="bulk-warn" role="alert">
            <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
            {problem(dry.error)}
          </span>
        ) : (
          refused.length > 0 && (
            <Popover position="top-start" width={380}>
              <Popover.Target>
                <button type="button" className="bulk-warn" data-testid="bulk-refused">
                  <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
                  {t('bulk.refused', { count: refused.length })}
                </button>
              </Popover.Target>
              <Popover.Dropdown p="md">
                <Refused list={refused} rows={rows} action={main} />
              </Popover.Dropdown>
            </Popover>
          )
        )}
      </span>
      <span className="bulk-line" />
      {can(main) && button(main, true, 'C')}
      {main !== 'receive' && can('receive') && button('receive', false)}
      {can('reject') && button('reject', false, 'Shift C')}
      {may('returns.decide') && (
        <button
          type="button"
          className="bulk-do"
          disabled={offline}
          onClick={() => onAsk('assign')}
          data-testid="bulk-assign"
        >
          <IconUserPlus size={16} stroke={1.75} aria-hidden />
          <span className="bulk-word">{t('action.assign')}</span>
          <Kbd>A</Kbd>
        </button>
      )}
      {far.length > 0 && (
        <Menu position="top-end">
          <Menu.Target>
            <button type="button" className="bulk-do" disabled={offline} data-testid="bulk-more">
              <IconDots size={16} stroke={1.75} aria-hidden />
              <span className="bulk-word">{t('do.more')}</span>
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {far.map((s) => (
              <Menu.Item key={s} onClick={() => onAsk(s)} data-testid={`bulk-${s}`}>
                {t(`return_action.${s}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <span className="bulk-line" />
      <button type="button" className="bulk-do" onClick={selection.clear} aria-label={t('bulk.clear')}>
        <IconX size={16} stroke={1.75} aria-hidden />
        <Kbd>Esc</Kbd>
      </button>
      {ask === 'assign' ? (
        <AssignDialog
          onClose={() => onAsk(null)}
          onChoose={(to) => void run('assign', { assignee_id: to })}
        />
      ) : ask ? (
        <StepDialog
          step={ask}
          rows={rows}
          selection={selection}
          onClose={() => onAsk(null)}
          onRun={(text) => void run(ask, text ? { text } : {})}
        />
      ) : null}
    </div>
  );
}

/** What a step would do, and of which it is refused; a refusal asks for its text. */
function StepDialog({
  step,
  rows,
  selection,
  onClose,
  onRun,
}: {
  step: Step;
  rows: ReturnRow[];
  selection: Selection;
  onClose: () => void;
  onRun: (text: string) => void;
}) {
  const { t } = useTranslation();
  const { tryBulk } = useReturnActions();
  const [text, setText] = useState('');
  const dry = useQuery({
    queryKey: ['returns', 'dry', step, selection.picked],
    queryFn: () => tryBulk(step, selection.picked),
    retry: false,
  });
  const n = dry.data?.done.length ?? 0;
  const refused = dry.data?.refused ?? [];
  const ready = n > 0 && (step !== 'reject' || text.trim() !== '');
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t(`return_action.${step}`)}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="bulk-dialog"
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) onRun(text.trim());
        }}
      >
        {dry.error ? (
          <ErrorState error={dry.error} retry={() => void dry.refetch()} />
        ) : !dry.data ? (
          <Bones lines={2} />
        ) : (
          refused.length > 0 && (
            <>
              <span className="strong">
                {t('bulk.some_refused', { count: refused.length, total: dry.data.total })}
              </span>
              <Refused list={refused} rows={rows} action={step} />
            </>
          )
        )}
        {step === 'reject' && (
          <Textarea
            label={t('returns.to_buyer')}
            description={t('returns.refusal_hint')}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={1000}
            value={text}
            onChange={(e) => setText(e.target.value)}
            data-autofocus
          />
        )}
        <div className="row">
          <Button onClick={onClose}>{t('returns.leave')}</Button>
          <Submit className="end" color={step === 'reject' ? 'red' : undefined} disabled={!ready}>
            {t('returns.bulk_run', { action: t(`return_action.${step}`), count: n })}
          </Submit>
        </div>
      </form>
    </Modal>
  );
}
