import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnRules } from '../../api/types';
import { Bones, ErrorState } from '../../ui/bits';
import { useReasons } from './Hints';
import { ReasonMap } from './ReasonMap';
import { RulesForm } from './RulesForm';
import './returns.css';

/** How returns are decided without us, who pays, and what the words of the markets mean. */
export default function ReturnSettings() {
  const rules = useQuery({
    queryKey: keys.returnRules,
    queryFn: ({ signal }) => get<ReturnRules>('/api/returns/rules', undefined, signal),
  });
  const reasons = useReasons();
  return (
    <>
      {rules.error && !rules.data ? (
        <ErrorState error={rules.error} retry={() => void rules.refetch()} />
      ) : rules.data ? (
        <RulesForm fresh={rules.data} />
      ) : (
        <Bones lines={8} height={30} />
      )}
      {reasons.error && !reasons.data ? (
        <ErrorState error={reasons.error} retry={() => void reasons.refetch()} />
      ) : reasons.data ? (
        <ReasonMap data={reasons.data} />
      ) : (
        <Bones lines={8} height={30} />
      )}
    </>
  );
}
