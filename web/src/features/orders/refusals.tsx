import { useWords } from '../../base/words';
import type { Refusal } from '../../api/types';
import { formatNumber } from '../../base/format';
import '../../ui/bulk.css';

export function useRefusalText() {
  const { t, i18n } = useWords();
  return (r: Pick<Refusal, 'code' | 'text'>) => {
    const key = `problem.${r.code.replaceAll('.', '_')}`;
    return i18n.exists(key) ? t(key) : r.text;
  };
}

export function Refusals({ list }: { list: Refusal[] }) {
  const text = useRefusalText();
  return (
    <ul className="refusals">
      {list.slice(0, 50).map((r) => (
        <li key={r.id}>
          <span className="strong num">{formatNumber(r.number)}</span> <span className="soft">{text(r)}</span>
        </li>
      ))}
    </ul>
  );
}
