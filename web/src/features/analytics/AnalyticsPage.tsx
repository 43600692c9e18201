import { SegmentedControl } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../base/shop';
import { NoRight } from '../../ui/states';
import { ReturnsReportView } from './ReturnsReport';
import { StandingReportView } from './StandingReport';
import { WorkReportView } from './WorkReport';
import './analytics.css';
import '../../ui/forms.css';

const reports = [
  { name: 'returns', needs: 'returns.see', View: ReturnsReportView },
  { name: 'work', needs: 'orders.work', View: WorkReportView },
  { name: 'standing', needs: 'orders.work', View: StandingReportView },
] as const;

/** Reports: each says its answer in a sentence before its table. */
export default function AnalyticsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const { report } = useParams({ strict: false }) as { report?: string };
  const allowed = reports.filter((r) => may(r.needs));
  const shown = allowed.find((r) => r.name === report) ?? allowed[0];
  if (!shown) return <NoRight />;
  return (
    <div className="scroll-page">
      <div className="page-head">
        <h1>{t('nav.analytics')}</h1>
      </div>
      <div className="analytics">
        <SegmentedControl
          className="analytics-reports"
          aria-label={t('nav.analytics')}
          value={shown.name}
          onChange={(name) => void navigate({ to: '/analytics/$report', params: { report: name } })}
          data={allowed.map((r) => ({ value: r.name, label: t(`analytics.report_${r.name}`) }))}
          data-testid="report-pick"
        />
        <shown.View />
      </div>
    </div>
  );
}
