import { useQuery } from '@tanstack/react-query';
import { IconExternalLink, IconPhoto, IconPhotoOff, IconVideo } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnMedia, ReturnPhotos } from '../../api/types';

export const useReturnPhotos = (id: string, enabled = true) =>
  useQuery({
    queryKey: keys.returnPhotos(id),
    queryFn: ({ signal }) => get<ReturnPhotos>(`/api/returns/${id}/photos`, undefined, signal),
    enabled,
  });

/** What the buyer has photographed: copies that the server has fetched. What is not here is a link, or says why not. */
export function BuyerPhotos({ id }: { id: string }) {
  const { t } = useTranslation();
  const list = useReturnPhotos(id).data;
  const photos = list?.items.filter((p) => p.by_buyer) ?? [];
  const links = list?.links ?? [];
  if (!photos.length && !links.length) return null;
  return (
    <div className="stack" data-testid="buyer-photos">
      {photos.length > 0 && (
        <ul className="ret-gallery">
          {photos.map((p, i) => {
            const path = `/api/returns/${id}/photos/${p.id}`;
            return (
              <li key={p.id}>
                <a href={path} target="_blank" rel="noreferrer">
                  <img src={path} alt={t('returns.buyer_photo', { n: i + 1 })} loading="lazy" />
                </a>
              </li>
            );
          })}
        </ul>
      )}
      {links.length > 0 && (
        <ul className="ret-links">
          {links.map((m) => (
            <Link key={m.id} media={m} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Link({ media: m }: { media: ReturnMedia }) {
  const { t } = useTranslation();
  const Icon = m.kind === 'video' ? IconVideo : m.state === 'waiting' || m.url ? IconPhoto : IconPhotoOff;
  return (
    <li className="row">
      <Icon size={16} stroke={1.75} className="quiet" aria-hidden />
      <span className="grow">
        {t(`media_kind.${m.kind}`)}
        <span className="caption"> · {t(`media_state.${m.state}`)}</span>
        {m.problem && (
          <span className="caption">
            {' '}
            ({t([`media_problem.${m.problem.replace('.', '_')}`, 'media_problem.other'])})
          </span>
        )}
      </span>
      {m.url && m.state !== 'gone' ? (
        <a href={m.url} target="_blank" rel="noopener noreferrer" className="row cut">
          <span className="cut">{m.host}</span>
          <IconExternalLink size={14} stroke={1.75} aria-hidden />
        </a>
      ) : (
        <span className="caption cut">{m.host}</span>
      )}
    </li>
  );
}
