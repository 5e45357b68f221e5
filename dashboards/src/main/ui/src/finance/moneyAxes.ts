import { money } from '../frame/format';
import type { ChartOption, Palette } from '../parts/Drawing';

/** The ground of a drawing of money over time: a step after the other from left to right, amounts upwards. */
export function moneyAxes(steps: string[], currency: string, palette: Palette) {
  return {
    grid: { left: 4, right: 4, top: 14, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'category',
      data: steps,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, margin: 12 },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: { color: palette.muted, fontSize: 12, formatter: (value: number) => money(String(value), currency) },
    },
  } satisfies ChartOption;
}
