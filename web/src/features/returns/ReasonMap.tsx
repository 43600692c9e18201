import { NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnReasons } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Card, useOffline } from '../../ui/bits';
import { ChannelBadge, useChannelTitle } from '../../ui/ChannelBadge';
import { useReasonText } from '../../ui/returns/state';

/** What each word of a market means. Words that nobody has explained come first: their returns have no reason until then. */
export function ReasonMap({ data }: { data: ReturnReasons }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const channel = useChannelTitle();
  const reason = useReasonText();
  const offline = useOffline() !== null;
  const [busy, setBusy] = useState('');
  const options = data.reasons.map((r) => ({ value: r.code, label: reason(r.code) }));
  const say = async (of: string, native: string, code: string) => {
    if (!code) return;
    setBusy(`${of}.${native}`);
    try {
      const now = await put<ReturnReasons>('/api/returns/reasons', { channel: of, native, reason: code });
      client.setQueryData(keys.returnReasons, now);
      toast(t('returns.explained', { word: native, reason: reason(code) }));
      for (const key of [keys.returns, keys.anyReturn]) void client.invalidateQueries({ queryKey: key });
    } catch (error) {
      toast(problem(error), { tone: 'error' });
    }
    setBusy('');
  };
  const choose = (of: string, native: string, code: string) => (
    <NativeSelect
      size="sm"
      aria-label={t('returns.means', { word: native })}
      value={code}
      disabled={offline || busy === `${of}.${native}`}
      onChange={(e) => void say(of, native, e.currentTarget.value)}
      data={code ? options : [{ value: '', label: t('returns.choose_reason') }, ...options]}
    />
  );
  const where = (of: string) =>
    of ? (
      <span className="row">
        <ChannelBadge channel={of} size={17} />
        <span className="cut">{channel(of)}</span>
      </span>
    ) : (
      <span className="quiet">{t('returns.any_channel')}</span>
    );
  const rows = data.map.toSorted(
    (a, b) => a.channel.localeCompare(b.channel) || a.native.localeCompare(b.native),
  );
  return (
    <>
      {data.unexplained.length > 0 && (
        <Card title={t('returns.unexplained_title')}>
          <p className="caption">{t('returns.unexplained_hint')}</p>
          <ul className="ret-map" data-testid="unexplained">
            {data.unexplained.map((w) => (
              <li key={`${w.channel}.${w.native}`}>
                {where(w.channel)}
                <span className="strong ret-word">{w.native}</span>
                <span className="caption num">{t('returns.times', { count: w.count })}</span>
                {choose(w.channel, w.native, '')}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card title={t('returns.map_title')}>
        <p className="caption">{t('returns.map_hint')}</p>
        <ul className="ret-map" data-testid="reason-map">
          {rows.map((w) => (
            <li key={`${w.channel}.${w.native}`}>
              {where(w.channel)}
              <span className="ret-word">{w.native}</span>
              {choose(w.channel, w.native, w.reason)}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
