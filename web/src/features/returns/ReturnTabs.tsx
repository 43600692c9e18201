import { useTranslation } from 'react-i18next';
import type { ReturnCounts } from '../../api/types';
import { formatCount } from '../../base/format';
import { useLang } from '../../ui/bits';
import { filtersOf, ofGoods, toQuery, useReturnCounts, viewsOf, type Search, type ViewName } from './query';
import { ReturnSwitch } from './ReturnSwitch';

interface Props {
  view: ViewName;
  search: Search;
  counts: ReturnCounts | undefined;
  onChoose: (view: ViewName) => void;
}

/** How many of a view there are, under the filters that stand. */
function GoodsCount({ view, search }: { view: ViewName; search: Search }) {
  const lang = useLang();
  const n = useReturnCounts(toQuery(view, filtersOf(search))).data?.total.count;
  return <span className="tabs-count num">{n !== undefined && formatCount(n, lang)}</span>;
}

/** Both simple views of a seller as tabs: how far the decision is, or where the goods are. */
export function ReturnTabs({ view, search, counts, onChoose }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const goods = ofGoods(view);
  const views = viewsOf(goods);
  const countOf = (name: ViewName) =>
    name === 'all'
      ? counts?.total.count
      : name === 'request' || name === 'check' || name === 'approved' || name === 'money'
        ? counts?.stages[name].count
        : undefined;
  return (
    <div className="tabs ret-tabs">
      <div className="tabs-list" role="tablist" aria-label={t('returns.views')}>
        {views.map((name, i) => {
          const n = countOf(name);
          return (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === view}
              data-testid={`view-tab-${i + 1}`}
              title={String(i + 1)}
              onClick={() => onChoose(name)}
            >
              {t(`return_view.${name}`)}
              {goods ? (
                <GoodsCount view={name} search={search} />
              ) : (
                name !== 'closed' && (
                  <span className="tabs-count num">{n !== undefined && formatCount(n, lang)}</span>
                )
              )}
            </button>
          );
        })}
      </div>
      <ReturnSwitch
        at={goods ? 'goods' : 'decision'}
        onChoose={(side) => onChoose(side === 'goods' ? 'here' : 'all')}
      />
    </div>
  );
}
