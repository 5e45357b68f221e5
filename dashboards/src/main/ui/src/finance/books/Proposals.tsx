import { useEffect, useRef, useState } from 'react';
import { when } from '../../frame/format';
import { ActButton, RightNote } from '../../frame/rights';
import { Badge } from '../../parts/Badge';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { ActionForm } from './ActionForm';
import * as api from './api';
import type { Change, Decided, Prices, Proposed } from './api';
import { Effect, dateWords } from './priceWords';

/** What is open of a proposal: how it is decided. */
interface Deciding {
  proposal: Proposed;
  action: 'accept' | 'reject';
}

const named = (one: { sku: string; tier: string }) => (
  <>
    {one.sku} <span className="quiet">{one.tier}</span>
  </>
);

/** Old price → new price, bucket by bucket. */
function Changes({ changes }: { changes: Change[] }) {
  return (
    <ul className="price-changes">
      {changes.map((change) => (
        <li key={`${change.bucket} ${change.fromPromptTokens}`}>
          {change.bucket.replaceAll('_', ' ')}
          {change.fromPromptTokens > 0 && ` from ${change.fromPromptTokens} tokens`} {change.before ?? 'none'} → <b>{change.after}</b>
          {change.per !== '1000000' && ` per ${change.per}`}
          {change.percent && <span className="quiet"> {Number(change.percent) > 0 ? '+' : ''}{change.percent}%</span>}
        </li>
      ))}
    </ul>
  );
}

/** Prices that catalogues report and the book does not have, and what people decide on them. */
export function Proposals({ prices, reload }: { prices: Prices; reload: () => void }) {
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const [told, setTold] = useState<string | null>(null);
  // Who works with keys goes on where the form was opened.
  const opener = useRef<Element | null>(null);
  const close = () => {
    setDeciding(null);
    if (opener.current instanceof HTMLElement) {
      opener.current.focus();
    }
  };
  const toggle = (proposal: Proposed, action: Deciding['action']) => {
    setTold(null);
    opener.current = document.activeElement;
    setDeciding(deciding?.proposal.id === proposal.id && deciding.action === action ? null : { proposal, action });
  };
  const done = ({ proposal, action }: Deciding) => {
    setDeciding(null);
    setTold(
      action === 'accept'
        ? `Accepted: ${proposal.sku} ${proposal.tier}. A new price file holds it; the gateway reads it within two seconds.`
        : `Rejected: ${proposal.sku} ${proposal.tier}. The same price is not proposed again.`,
    );
    reload();
  };
  return (
    <Card
      title="Proposed changes"
      summary={
        prices.proposals.length === 0
          ? 'None waits. ./pareto prices import reads public catalogues and proposes what differs.'
          : 'What public catalogues report and the book does not have. Nothing changes until somebody accepts it.'
      }
    >
      {prices.proposals.length > 0 && <RightNote right="KEEP_BOOKS" />}
      {told && (
        <p role="status" className="told">
          {told}
        </p>
      )}
      {deciding && prices.proposals.some((one) => one.id === deciding.proposal.id) && (
        <Decision key={`${deciding.proposal.id} ${deciding.action}`} it={deciding} asOf={prices.asOf} close={close} done={() => done(deciding)} />
      )}
      {prices.proposals.length > 0 && (
        <DataTable label="Proposed changes" columns={columns(prices, deciding, toggle)} rows={prices.proposals} keyOf={(one) => one.id} tall />
      )}
      <DecidedLately decided={prices.decided} />
    </Card>
  );
}

function columns(prices: Prices, deciding: Deciding | null, toggle: (one: Proposed, action: Deciding['action']) => void): Column<Proposed>[] {
  const open = (one: Proposed, action: Deciding['action']) => deciding?.proposal.id === one.id && deciding.action === action;
  return [
    { name: 'Model', cell: named },
    { name: 'Change', wide: true, cell: (one) => <Changes changes={one.changes} /> },
    { name: 'Reported by', title: 'Catalogues that agree, with the date of their data', cell: (one) => one.sources.map((source) => <span key={source} className="one-line">{source} </span>) },
    { name: 'From', title: 'The day that the catalogues name', cell: (one) => (one.from ? dateWords(one.from) : <span className="quiet one-line">not said</span>) },
    { name: 'Effect', cell: (one) => <Effect effect={one.effect} currency={prices.currency} days={prices.days} /> },
    {
      name: 'State',
      cell: (one) =>
        one.sound ? (
          <Badge tone="good" title="Two catalogues agree, nothing changes by half or more, and no lint objects">
            sound
          </Badge>
        ) : (
          <Badge tone="warn" title={one.findings.join('; ') || 'One catalogue alone, or a large change'}>
            look closer
          </Badge>
        ),
    },
    {
      name: 'Decide',
      cell: (one) => (
        <span className="two-acts">
          <ActButton
            right="KEEP_BOOKS"
            className="button small"
            aria-expanded={open(one, 'accept')}
            aria-label={`Accept ${one.sku} ${one.tier}`}
            onClick={() => toggle(one, 'accept')}
          >
            Accept
          </ActButton>
          <ActButton
            right="KEEP_BOOKS"
            className="button small"
            aria-expanded={open(one, 'reject')}
            aria-label={`Reject ${one.sku} ${one.tier}`}
            onClick={() => toggle(one, 'reject')}
          >
            Reject
          </ActButton>
        </span>
      ),
    },
  ];
}

function Decision({ it, asOf, close, done }: { it: Deciding; asOf: string; close: () => void; done: () => void }) {
  const { proposal, action } = it;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  return (
    <div className="decide" ref={form}>
      <p>
        <b>
          {action === 'accept' ? 'Accept' : 'Reject'} {proposal.sku} {proposal.tier}
        </b>
        : {proposal.changes.map((one) => `${one.bucket.replaceAll('_', ' ')} ${one.before ?? 'none'} → ${one.after}`).join(', ')}.
        {proposal.findings.length > 0 && ` ${proposal.findings.join('; ')}.`}{' '}
        {action === 'accept' && 'What was booked before that day stays as it is.'}
      </p>
      <ActionForm
        label={action === 'accept' ? 'Accept it' : 'Reject it'}
        danger={action === 'reject'}
        reasoned={action === 'reject'}
        act={(given) => api.decide(action, proposal.id, given)}
        close={close}
        done={done}
      >
        {action === 'accept' && (
          <label>
            Holds from (UTC)
            <input name="from" type="date" required defaultValue={(proposal.from ?? asOf).slice(0, 10)} />
          </label>
        )}
      </ActionForm>
    </div>
  );
}

function DecidedLately({ decided }: { decided: Decided[] }) {
  if (decided.length === 0) {
    return null;
  }
  const columns: Column<Decided>[] = [
    { name: 'Model', cell: named },
    { name: 'Change', wide: true, cell: (one) => <Changes changes={one.changes} /> },
    { name: 'Outcome', cell: (one) => <Badge tone={one.accepted ? 'good' : 'plain'}>{one.accepted ? 'accepted' : 'rejected'}</Badge> },
    { name: 'By', cell: (one) => one.by },
    { name: 'When', cell: (one) => when(one.at) },
    { name: 'Why', wide: true, cell: (one) => one.reason ?? <span className="quiet">–</span> },
  ];
  return (
    <details className="decided">
      <summary>Decided lately ({decided.length})</summary>
      <DataTable label="Decided lately" columns={columns} rows={decided} keyOf={(one) => one.id} tall />
    </details>
  );
}
