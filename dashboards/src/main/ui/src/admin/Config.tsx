import { Card } from '../parts/Card';

/** What holds now, defaults included; the server leaves secrets out. */
export function Config({ config }: { config: unknown }) {
  return (
    <Card title="Configuration in force" summary="With all defaults, as it was last read without a fault. Keys and passwords are shown as ***.">
      <pre className="config scroll tall" tabIndex={0} role="group" aria-label="Configuration in force">
        {JSON.stringify(config, null, 2)}
      </pre>
    </Card>
  );
}
