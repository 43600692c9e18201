/* What we use of uPlot: the package is loaded only with the chart, and only by it. */
declare module 'uplot' {
  interface Axis {
    stroke?: string;
    font?: string;
    size?: number;
    gap?: number;
    space?: number;
    grid?: { show?: boolean; stroke?: string; width?: number };
    ticks?: { show?: boolean };
    values?: (u: uPlot, splits: number[]) => string[];
    splits?: (u: uPlot) => number[];
  }
  interface Series {
    stroke?: string;
    fill?: string;
    width?: number;
    paths?: unknown;
    points?: { show: boolean };
  }
  interface Options {
    width: number;
    height: number;
    padding?: [number, number, number, number];
    legend?: { show: boolean };
    cursor?: { y?: boolean; x?: boolean; drag?: { x: boolean; y: boolean }; points?: { show: boolean } };
    scales?: Record<
      string,
      { time?: boolean; range?: (u: uPlot, min: number, max: number) => [number, number] }
    >;
    axes?: Axis[];
    series: Series[];
    hooks?: { setCursor?: ((u: uPlot) => void)[] };
  }
  export default class uPlot {
    constructor(options: Options, data: (number | null)[][], target: HTMLElement);
    cursor: { idx: number | null };
    setSize(size: { width: number; height: number }): void;
    destroy(): void;
    static paths: { bars: (options: { size: [number, number]; radius?: number }) => unknown };
  }
}
