import { ActionIcon, Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCamera, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { remove, upload } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnPhoto } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { useMay } from '../../base/shop';
import { toast } from '../../base/toasts';
import { Card, ErrorState, useOffline, useWhen } from '../../ui/bits';
import { useReturnPhotos } from './BuyerPhotos';

/** What was photographed of the goods that came back: by a phone's camera, or from a file. */
export function PhotosBox({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const when = useWhen();
  const offline = useOffline() !== null;
  const client = useQueryClient();
  const problem = useProblemText();
  const field = useRef<HTMLInputElement>(null);
  const path = `/api/returns/${id}/photos`;
  const list = useReturnPhotos(id);
  const done = () => void client.invalidateQueries({ queryKey: keys.returnPhotos(id) });
  const fail = (error: unknown) => void toast(problem(error), { tone: 'error' });
  const add = useMutation({
    mutationFn: async (files: File[]) => {
      for (const file of files) await upload<ReturnPhoto>(path, new URLSearchParams(), file);
    },
    onSettled: done,
    onError: fail,
  });
  const drop = useMutation({
    mutationFn: (photo: string) => remove(`${path}/${photo}`),
    onSettled: done,
    onError: fail,
  });
  const photos = list.data?.items.filter((p) => !p.by_buyer) ?? [];
  const adds = may('returns.inspect') || may('returns.create');
  if (!adds && photos.length === 0) return null;
  return (
    <Card
      title={t('returns.our_photos')}
      aside={
        adds && (
          <Button
            size="xs"
            loading={add.isPending}
            disabled={offline}
            leftSection={<IconCamera size={15} stroke={1.75} />}
            onClick={() => field.current?.click()}
          >
            {t('returns.add_photo')}
          </Button>
        )
      }
    >
      <input
        ref={field}
        type="file"
        hidden
        multiple
        accept="image/jpeg,image/png,image/webp"
        aria-label={t('returns.add_photo')}
        data-testid="photo-file"
        onChange={(e) => {
          const files = [...(e.currentTarget.files ?? [])];
          e.currentTarget.value = '';
          if (files.length) add.mutate(files);
        }}
      />
      {list.error && !list.data ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} />
      ) : photos.length === 0 ? (
        <span className="quiet">{t('returns.no_photos')}</span>
      ) : (
        <ul className="ret-gallery">
          {photos.map((p) => {
            const said = t('returns.photo_of', { name: p.by_name, time: when(p.at, true) });
            return (
              <li key={p.id}>
                <a href={`${path}/${p.id}`} target="_blank" rel="noreferrer" title={said}>
                  <img src={`${path}/${p.id}`} alt={said} loading="lazy" />
                </a>
                {may('returns.decide') && (
                  <ActionIcon
                    size={24}
                    variant="default"
                    aria-label={t('returns.drop_photo')}
                    disabled={offline}
                    onClick={() => drop.mutate(p.id)}
                  >
                    <IconTrash size={14} stroke={1.75} />
                  </ActionIcon>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
