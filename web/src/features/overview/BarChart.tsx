import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

interface Props {
  heights: number[];
  labels: string[];
  /** The highest values of the axis in words. */
  axis: (value: number) => string;
  summary: string;
  onPoint: (index: number | null) => void;
}

/* Canvas knows no CSS variables: a probe element says what they are in the theme of the moment. */
function colorsOf(box: HTMLElement) {
  const probe = document.createElement('i');
  box.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const out = {
    bar: read('--chart-1'),
    strong: read('--text'),
    text: read('--text-3'),
    line: read('--line'),
  };
  probe.remove();
  return out;
}

/** Bars from zero, few lines; the figures behind them are in the table beside it. */
export default function BarChart({ heights, labels, axis, summary, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const told = useRef({ axis, onPoint });
  useEffect(() => {
    told.current = { axis, onPoint };
  });
  useEffect(() => {
    const target = box.current;
    if (!target) return;
    const colors = colorsOf(target);
    const font = "11px 'Inter Variable', sans-serif";
    const width = () => Math.max(200, target.clientWidth);
    const height = () => Math.max(160, target.clientHeight);
    // Few bars carry their own figures; many are read off the axis and the sentence above.
    const named = labels.length <= 10 && width() / labels.length >= 44;
    const nameBars = (u: uPlot) => {
      const { ctx } = u;
      ctx.save();
      ctx.font = `600 ${11 * uPlot.pxRatio}px 'Inter Variable', sans-serif`;
      ctx.fillStyle = colors.strong;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'bottom';
      heights.forEach((value, i) => {
        if (value <= 0) return;
        const top = u.valToPos(value, 'y', true) - 4 * uPlot.pxRatio;
        ctx.fillText(told.current.axis(value), u.valToPos(i, 'x', true), top);
      });
      ctx.restore();
    };
    const every = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor(width() / 64))));
    const chart = new uPlot(
      {
        width: width(),
        height: height(),
        padding: [named ? 18 : 8, 0, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: false, range: () => [-0.6, labels.length - 0.4] },
          y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          {
            stroke: colors.text,
            font,
            size: 24,
            grid: { show: false },
            ticks: { show: false },
            splits: () => labels.flatMap((_, i) => ((labels.length - 1 - i) % every === 0 ? [i] : [])),
            values: (_u, at) => at.map((i) => labels[i] ?? ''),
          },
          {
            stroke: colors.text,
            font,
            size: 58,
            space: 36,
            grid: { stroke: colors.line, width: 1 },
            ticks: { show: false },
            values: (_u, at) => at.map((v) => told.current.axis(v)),
          },
        ],
        series: [
          {},
          {
            stroke: colors.bar,
            fill: colors.bar,
            width: 0,
            paths: uPlot.paths.bars?.({ size: [0.62, 56], radius: 0.08 }),
            points: { show: false },
          },
        ],
        hooks: {
          setCursor: [(u) => told.current.onPoint(u.cursor.idx ?? null)],
          draw: named ? [nameBars] : [],
        },
      },
      [labels.map((_, i) => i), heights],
      target,
    );
    const resize = new ResizeObserver(() => chart.setSize({ width: width(), height: height() }));
    resize.observe(target);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [heights, labels, scheme]);
  return <div ref={box} className="chart" role="img" aria-label={summary} />;
}
