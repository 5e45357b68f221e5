import { Page } from '../frame/Page';
import { useSession } from '../frame/session';
import { useLoad } from '../frame/useLoad';
import { Failure, Skeleton } from '../parts/States';
import * as api from './api';
import { Config } from './Config';
import { Journal } from './Journal';
import { KeyCard, RoleCard } from './KeyCards';
import { Retention, Runs } from './SystemCards';

/** Who may do what here, what was done, and what runs? */
export function Admin() {
  const session = useSession();
  const administers = !session.keys || session.rights.includes('ADMINISTER');
  const page = useLoad('admin', async (signal) => {
    const [system, acts, keys, config] = await Promise.all([
      api.system(signal),
      api.acts(signal),
      administers ? api.keys(signal) : null,
      administers ? api.config(signal) : null,
    ]);
    return { system, acts, keys, config };
  });
  const data = page.data;
  return (
    <Page
      title="Admin"
      lead="Who may do what on this port, what was done, and what runs?"
      busy={data === null && !page.error}
      at={data && page.at}
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && (
        <>
          {data.keys ? (
            <>
              <KeyCard data={data.keys} reload={page.reload} />
              <RoleCard roles={data.keys.roles} />
            </>
          ) : (
            <p className="callout">Your role is {session.role}: keys and the configuration are an admin’s to see.</p>
          )}
          <Journal key={data.acts.acts[0]?.seq ?? 0} first={data.acts} />
          <Runs system={data.system} />
          <Retention system={data.system} />
          {data.config !== null && <Config config={data.config} />}
        </>
      )}
    </Page>
  );
}
