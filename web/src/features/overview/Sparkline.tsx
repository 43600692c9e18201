const width = 68;
const height = 20;

/** The way of a figure over the days, without axes: the figures themselves stand beside it and in the table. */
export function Sparkline({ heights }: { heights: (number | null)[] }) {
  const known = heights.flatMap((h, i) => (h === null ? [] : [[i, h] as const]));
  const most = Math.max(0, ...known.map(([, h]) => h));
  if (known.length < 2 || most === 0) return null;
  const x = (i: number) => 2 + (i / (heights.length - 1)) * (width - 6);
  const y = (h: number) => height - 3 - (h / most) * (height - 6);
  const points = known.map(([i, h]) => `${x(i).toFixed(1)},${y(h).toFixed(1)}`);
  const [lastX = '0', lastY = '0'] = points.at(-1)?.split(',') ?? [];
  return (
    <svg className="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden>
      <polyline points={points.join(' ')} fill="none" stroke="var(--chart-1)" strokeWidth="1.5" />
      <circle cx={lastX} cy={lastY} r="2" fill="var(--chart-1)" />
    </svg>
  );
}
