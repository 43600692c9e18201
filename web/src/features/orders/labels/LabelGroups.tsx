import { Button, Loader } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle, IconClock, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../../api/client';
import type { Label, LabelList } from '../../../api/types';
import { formatCount, formatNumber } from '../../../base/format';
import { useOrderActions, type Picked } from '../../../base/orderActions';
import { toast } from '../../../base/toasts';
import { ChannelBadge, useChannelTitle } from '../../../ui/ChannelBadge';
import { Bones, ErrorState, useLang, useOffline, useWhen } from '../../../ui/bits';
import { gapsOf, groupLabels, type LabelGap, type LabelGroup } from './groups';
import { joinLabels } from './join';
import { useLabels, useLabelsPrinted } from './useLabels';
import './labels.css';

const namedMax = 6;

function save(file: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** One paper of one marketplace: how many, and what to do with them. */
function Group({ group, main, alone }: { group: LabelGroup; main: boolean; alone: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const when = useWhen();
  const channel = useChannelTitle()((group.labels[0] as Label).channel);
  const { fail } = useOrderActions();
  const printed = useLabelsPrinted();
  const offline = useOffline() !== null;
  const [busy, setBusy] = useState(false);
  const one = group.labels[0] as Label;
  const zpl = one.type === 'zpl';
  const before = group.labels.filter((l) => l.prints > 0);
  const latest = before.toSorted((a, b) => (b.printed_at ?? '').localeCompare(a.printed_at ?? ''))[0];
  const size =
    one.type === 'pdf'
      ? t('labels.own_size')
      : t(zpl ? 'labels.zpl' : 'labels.size', { width: one.width_mm, height: one.height_mm });
  const run = async (prints: boolean) => {
    // The tab must be opened by the click itself; what it shows comes later.
    const tab = prints ? window.open('', '_blank') : null;
    setBusy(true);
    try {
      const { file, unread } = await joinLabels(group.labels, prints);
      const done = group.labels.filter((l) => !unread.includes(l));
      if (unread.length)
        toast(t('labels.unread', { numbers: unread.map((l) => formatNumber(l.number)).join(', ') }), {
          tone: 'error',
        });
      if (!done.length) {
        tab?.close();
        return;
      }
      if (tab) tab.location.replace(URL.createObjectURL(file));
      else save(file, `labels-${one.channel}.${zpl ? 'zpl' : 'pdf'}`);
      await printed(done.map((l) => l.order_id));
    } catch (error) {
      tab?.close();
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="label-group" data-testid={`labels-${one.channel}`}>
      {!alone && <ChannelBadge channel={one.channel} />}
      <span className="label-says">
        {!alone && (
          <span className="strong">
            {channel} ·{' '}
            {t('labels.count', { count: group.labels.length, n: formatCount(group.labels.length, lang) })}
          </span>
        )}
        <span className="caption">
          {size}
          {latest?.printed_at && (
            <>
              {' · '}
              <span className="label-again">
                {t('labels.printed', {
                  count: before.length,
                  n: formatCount(before.length, lang),
                  time: when(latest.printed_at, true),
                  name: latest.printed_name,
                })}
              </span>
            </>
          )}
        </span>
      </span>
      <span className="row">
        <Button
          variant="subtle"
          disabled={busy || offline}
          leftSection={<IconDownload size={16} stroke={1.75} />}
          onClick={() => void run(false)}
        >
          {t('labels.download')}
        </Button>
        {!zpl && (
          <Button
            variant={main ? 'filled' : 'default'}
            loading={busy}
            disabled={offline}
            leftSection={<IconPrinter size={16} stroke={1.75} />}
            onClick={() => void run(true)}
            autoFocus={main}
          >
            {t(before.length === group.labels.length ? 'labels.print_again' : 'labels.print')}
          </Button>
        )}
      </span>
    </li>
  );
}

/** Why some have none: one sentence for each reason, and the orders it is said of. */
function Gap({ gap, alone, onAgain }: { gap: LabelGap; alone: boolean; onAgain: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const Icon = gap.waits ? IconClock : IconAlertTriangle;
  const named = gap.labels.slice(0, namedMax);
  const asks = !gap.waits && !['after_confirm', 'after_ready', 'over', 'none'].includes(gap.why);
  return (
    <li className="label-gap" data-testid={`label-gap-${gap.why}`}>
      {gap.waits ? <Loader size={14} aria-hidden /> : <Icon size={16} stroke={1.75} aria-hidden />}
      <span className="label-says">
        <span>
          {!alone &&
            `${t('labels.gap', { count: gap.labels.length, n: formatCount(gap.labels.length, lang) })} `}
          {t([`label_problem.${gap.why}`, 'label_problem.other'])}
          {gap.words && ` (${gap.words})`}
        </span>
        {!alone && (
          <span className="caption label-numbers">
            {named.map((l) => (
              <Link key={l.order_id} to="/orders/$id" params={{ id: l.order_id }}>
                {formatNumber(l.number)}
              </Link>
            ))}
            {gap.labels.length > named.length && (
              <span>
                {t('labels.more', {
                  count: gap.labels.length - named.length,
                  n: formatCount(gap.labels.length - named.length, lang),
                })}
              </span>
            )}
          </span>
        )}
      </span>
      {asks && (
        <Button variant="subtle" onClick={onAgain}>
          {t('labels.again')}
        </Button>
      )}
    </li>
  );
}

/** What can be printed of these orders now, what is on its way, and why the rest has nothing. `main`: it is what the dialog is for. */
export function LabelGroups({ picked, main = false }: { picked: Picked; main?: boolean }) {
  const { t } = useTranslation();
  const { fail } = useOrderActions();
  const list = useLabels(picked, true);
  if (list.error && !list.data) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Bones lines={3} height={28} />;
  const { items } = list.data;
  const groups = groupLabels(items);
  const again = (labels: Label[]) =>
    post<LabelList>('/api/labels', { ids: labels.map((l) => l.order_id), ask: true }).then(
      () => void list.refetch(),
      fail,
    );
  return (
    <ul className="label-list" aria-live="polite">
      {groups.map((g, i) => (
        <Group key={g.key} group={g} main={main && i === 0} alone={items.length === 1} />
      ))}
      {gapsOf(items).map((g) => (
        <Gap
          key={g.why + g.words + String(g.waits)}
          gap={g}
          alone={items.length === 1}
          onAgain={() => void again(g.labels)}
        />
      ))}
      {items.length === 0 && <li className="quiet">{t('labels.empty')}</li>}
    </ul>
  );
}
