import { Empty } from '../parts/States';

const CALL = `curl http://127.0.0.1:8080/v1/chat/completions \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "local/support-desk", "messages": [{"role": "user", "content": "Which queue? My parcel has not arrived."}]}'`;

/** The first thing a newcomer sees: one call that makes this page come alive. */
export function Newcomer() {
  return (
    <Empty title="No request has come through yet" command={CALL}>
      <p>
        Point a client at the gateway, or send this. Within seconds its cost, what it saved and why it went where it went will
        stand here.
      </p>
      <ul className="hints">
        <li>
          <b>No vendor key?</b> None is needed for that call: a small open model answers inside the gateway.
        </li>
        <li>
          <b>An OpenAI client?</b> Set its base URL to <code>http://127.0.0.1:8080/v1</code> and change nothing else.
        </li>
        <li>
          <b>Only looking?</b> <code>./pareto demo</code> fills this page with simulated traffic, marked as such.
        </li>
      </ul>
    </Empty>
  );
}
