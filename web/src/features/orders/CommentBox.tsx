import { Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard } from '../../api/types';
import { useMay } from '../../base/shop';
import { toast } from '../../base/toasts';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';

/** What colleagues should know about the order as a whole. Two who write at once choose between their texts. */
export function CommentBox({ order }: { order: OrderCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const kept = order.comment ?? '';
  const form = useForm(
    { comment: kept },
    { version: order.version, current: () => get<OrderCard>(`/api/orders/${order.id}`) },
  );
  if (!may('orders.work')) return kept ? <p className="note-text">{kept}</p> : null;
  const save = () =>
    form.submit(async (body, version) => {
      await patch(`/api/orders/${order.id}`, body, version);
      toast(t('do.saved'));
      void client.invalidateQueries({ queryKey: keys.order(order.id) });
    });
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Textarea
        label={t('order.comment')}
        placeholder={t('order.comment_hint')}
        autosize
        minRows={1}
        maxLength={1000}
        {...form.field('comment')}
        onKeyDown={(e) => {
          if (e.code === 'Enter' && (e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            void save();
          }
        }}
      />
      {form.general && <div className="notice notice-red">{form.general}</div>}
      {form.values.comment !== kept && (
        <div>
          <Submit variant="default" size="xs" loading={form.busy}>
            {t('do.save')}
          </Submit>
        </div>
      )}
      <ConflictDialog clash={form.clash} label={() => t('order.comment')} onSettle={form.settle} />
    </form>
  );
}
