/** What each line of a chart is, in the colours of its series. */
export function SeriesLegend({ names, label }: { names: string[]; label: (name: string) => string }) {
  return (
    <ul className="legend">
      {names.map((name, i) => (
        <li key={name}>
          <span className={`swatch series-${(i % 8) + 1}`} />
          {label(name)}
        </li>
      ))}
    </ul>
  );
}
