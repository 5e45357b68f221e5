import { BarChart, type BarSeriesOption } from 'echarts/charts';
import {
  AriaComponent,
  type AriaComponentOption,
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

// Only what is drawn is loaded. Canvas, because SVG output carries inline styles, which the content policy forbids.
use([BarChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | GridComponentOption | TooltipComponentOption | AriaComponentOption
>;

/** The page's colours as the style sheet has them now. */
export interface Palette {
  text: string;
  muted: string;
  line: string;
  ground: string;
  series: string[];
}

function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: value('--text'),
    muted: value('--muted'),
    line: value('--line'),
    ground: value('--card'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => value(`--series-${n}`)),
  };
}

/** The one door to the chart library: give it a function from colours to a drawing. */
export default function Chart({ draw, label }: { draw: (palette: Palette) => ChartOption; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);

  useEffect(() => {
    if (!box.current) {
      return undefined;
    }
    const made = init(box.current, null, { renderer: 'canvas' });
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const paint = () => chart.current?.setOption(draw(palette()), { notMerge: true });
    paint();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', paint);
    return () => dark.removeEventListener('change', paint);
  }, [draw]);

  return <div className="chart" ref={box} role="img" aria-label={label} />;
}
