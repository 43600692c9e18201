import { Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../../api/client';
import { keys } from '../../../api/keys';
import type { ClaimCard, SearchReply } from '../../../api/types';
import { formatNumber } from '../../../base/format';
import { useProblemText } from '../../../base/problem';
import { useMay, useSession } from '../../../base/shop';
import { toast } from '../../../base/toasts';
import { useOffline } from '../../../ui/bits';
import { useChannelTitle } from '../../../ui/ChannelBadge';
import { Submit } from '../../../ui/Submit';
import { amountOf } from '../amount';

const subjects = ['lost', 'missing', 'swapped', 'damaged', 'underpaid', 'other'] as const;
const sides = ['us_to_channel', 'us_to_carrier'] as const;

/** A claim that no matching has found: of an order by its number, or of an account alone, in words. */
export default function NewClaim({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (card: ClaimCard) => void;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const problem = useProblemText();
  const title = useChannelTitle();
  const may = useMay();
  const offline = useOffline() !== null;
  const [side, setSide] = useState<(typeof sides)[number]>('us_to_channel');
  const [subject, setSubject] = useState<(typeof subjects)[number]>('lost');
  const [number, setNumber] = useState('');
  const [account, setAccount] = useState(session.accounts[0]?.id ?? '');
  const [sum, setSum] = useState('');
  const [text, setText] = useState('');
  const asked = number.replace(/\s/g, '');
  const found = useQuery({
    queryKey: keys.search(asked),
    queryFn: ({ signal }) => get<SearchReply>('/api/search', new URLSearchParams({ q: asked }), signal),
    enabled: asked.length >= 3,
  });
  const order = asked ? found.data?.orders.find((o) => o.number.replace(/\s/g, '') === asked) : undefined;
  const unknown = asked !== '' && found.data !== undefined && !order;
  const make = useMutation({
    mutationFn: () =>
      post<ClaimCard>('/api/claims', {
        side,
        subject,
        text: text.trim(),
        ...(order ? { order_id: order.id } : { account_id: account }),
        ...(amountOf(sum) && { amount: amountOf(sum) }),
      }),
    onSuccess: (card) => {
      client.setQueryData(keys.claim(card.id), card);
      void client.invalidateQueries({ queryKey: keys.claims });
      toast(t('claims.created'));
      onMade(card);
    },
    onError: (error) => void toast(problem(error), { tone: 'error' }),
  });
  const fits = sum === '' || amountOf(sum) !== null;
  const ready = fits && !unknown && (asked === '' || order) && (order || (account && text.trim()));
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t('claims.create')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="new-claim"
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) make.mutate();
        }}
      >
        <NativeSelect
          label={t('claims.about')}
          value={subject}
          onChange={(e) => setSubject(subjects.find((s) => s === e.currentTarget.value) ?? 'other')}
          data={subjects.map((s) => ({ value: s, label: t(`claim_subject.${s}`) }))}
          data-autofocus
        />
        <NativeSelect
          label={t('claims.to')}
          value={side}
          onChange={(e) => setSide(sides.find((s) => s === e.currentTarget.value) ?? 'us_to_channel')}
          data={sides.map((s) => ({ value: s, label: t(`claim_side.${s}`) }))}
        />
        <TextInput
          label={t('claims.order_number')}
          description={order ? `${title(order.channel)} · ${order.title}` : t('claims.order_hint')}
          error={unknown && t('claims.order_unknown')}
          value={number}
          maxLength={60}
          onChange={(e) => setNumber(e.target.value)}
        />
        {!order && (
          <NativeSelect
            label={t('claims.account')}
            value={account}
            onChange={(e) => setAccount(e.currentTarget.value)}
            data={session.accounts.map((a) => ({ value: a.id, label: a.name }))}
          />
        )}
        {may('prices.see') && (
          <TextInput
            label={t('claims.claimed')}
            inputMode="decimal"
            value={sum}
            maxLength={16}
            error={!fits && t('claims.wrong_sum')}
            onChange={(e) => setSum(e.target.value)}
          />
        )}
        <Textarea
          label={t('claims.words')}
          placeholder={t('claims.words_hint')}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={2000}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <Submit loading={make.isPending} disabled={!ready || offline}>
          {order ? t('claims.make_of', { number: formatNumber(order.number) }) : t('claims.make')}
        </Submit>
      </form>
    </Modal>
  );
}
