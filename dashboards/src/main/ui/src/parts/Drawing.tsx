import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import {
  AriaComponent,
  type AriaComponentOption,
  GridComponent,
  type GridComponentOption,
  MarkAreaComponent,
  type MarkAreaComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { THEME_CHANGED } from '../frame/theme';

// Only what is drawn is loaded. Canvas, because SVG output carries inline styles, which the content policy forbids.
use([
  BarChart,
  LineChart,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  AriaComponent,
  CanvasRenderer,
]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | MarkAreaComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
  | AriaComponentOption
>;

/** The page's colours as the style sheet has them now. */
export interface Palette {
  text: string;
  muted: string;
  line: string;
  ground: string;
  good: string;
  bad: string;
  warn: string;
  series: string[];
}

/** A token may name one colour for each theme; only a drawn element knows which holds. */
function palette(box: HTMLElement): Palette {
  const probe = box.appendChild(document.createElement('span'));
  const value = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    text: value('text'),
    muted: value('muted'),
    line: value('line'),
    ground: value('card'),
    good: value('good'),
    bad: value('bad'),
    warn: value('warn'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => value(`series-${n}`)),
  };
  probe.remove();
  return found;
}

/** The one door to the chart library: give it a function from colours to a drawing. */
export default function Chart({ draw, label, small = false }: { draw: (palette: Palette) => ChartOption; label: string; small?: boolean }) {
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
    const paint = () => box.current && chart.current?.setOption(draw(palette(box.current)), { notMerge: true });
    paint();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', paint);
    addEventListener(THEME_CHANGED, paint);
    return () => {
      dark.removeEventListener('change', paint);
      removeEventListener(THEME_CHANGED, paint);
    };
  }, [draw]);

  return <div className={small ? 'chart small' : 'chart'} ref={box} role="img" aria-label={label} />;
}
