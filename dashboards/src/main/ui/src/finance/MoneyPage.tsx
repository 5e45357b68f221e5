import type { ReactNode } from 'react';
import { type Crumb, Page } from '../frame/Page';
import { useLoad } from '../frame/useLoad';
import { Failure, Skeleton } from '../parts/States';
import { type Frame, report } from './api';
import { type Asked, useAsked } from './asked';
import { Bar, type Grouping } from './Bar';
import { TrustStrip } from './TrustStrip';
import { period } from './words';

interface MoneyPageProps<T> {
  title: string;
  /** The question that the page answers. */
  lead: string;
  /** The report's address; it is asked what the bar says. */
  path: string;
  /** Further parameters of this report. */
  more?: Record<string, string>;
  /** By what its rows can be grouped. */
  grouping?: (data: T | null) => Grouping;
  /** Whether the bar offers a comparison. */
  compares?: boolean;
  actions?: ReactNode;
  above?: Crumb[];
  children: (data: T, asked: Asked, reload: () => void) => ReactNode;
}

/** Filters stay behind on the way up. */
const own = (asked: Asked) => Object.fromEntries(asked.filters.map((one) => [one.dimension, null]));

/** A page of money: the common bar, how far its figures can be relied on, and what the report says. */
export function MoneyPage<T extends { frame: Frame }>(props: MoneyPageProps<T>) {
  const { title, lead, path, more = {}, grouping, compares = true, actions, above, children } = props;
  const asked = useAsked();
  const search = new URLSearchParams([...new URLSearchParams(asked.search), ...Object.entries(more)]).toString();
  const page = useLoad<T>(`${path}?${search}`, (signal) => report<T>(path, search, signal), 30_000);
  const data = page.data;
  return (
    <Page
      title={title}
      lead={lead}
      above={above?.map((crumb) => ({ ...crumb, to: asked.link(crumb.to, own(asked)) }))}
      busy={data === null && !page.error}
      actions={actions}
      strip={
        <>
          <Bar asked={asked} grouping={grouping?.(data)} compares={compares} path={path} search={search} />
          {data && <TrustStrip trust={data.frame.trust} currency={data.frame.currency} />}
        </>
      }
      foot={data ? `${period(data.frame.asked)}. Every sum is the server’s, exact to 12 decimals.` : undefined}
      at={data && page.at}
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && children(data, asked, page.reload)}
    </Page>
  );
}
