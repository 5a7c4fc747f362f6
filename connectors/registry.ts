/** Every kind of source there is. A new connector is one line here, beside its configuration in `schemas/config.ts`. */
import type { SourceConfig, SourceConfigOf } from '../schemas/config.ts';
import { openCareSystem } from './care-system/connector.ts';
import { openCloudSchool } from './cloudschool/connector.ts';
import type { Connector } from './contract.ts';
import type { ConnectorEnvironment } from './environment.ts';
import { openFiles } from './files/connector.ts';
import { openInstitutionList } from './institution-list/connector.ts';
import { openKindergartenMap } from './kindergarten-map/connector.ts';
import { openOneRosterApi } from './oneroster/api-connector.ts';
import { openOneRosterFiles } from './oneroster/files-connector.ts';

type Opener<T extends SourceConfig['type']> = (
  config: SourceConfigOf<T>,
  environment: ConnectorEnvironment,
) => Connector;

const CONNECTORS: { readonly [T in SourceConfig['type']]: Opener<T> } = {
  'institution-list': openInstitutionList,
  'care-system': openCareSystem,
  'roster-files': openFiles,
  'account-files': openFiles,
  cloudschool: openCloudSchool,
  'oneroster-files': openOneRosterFiles,
  'oneroster-api': openOneRosterApi,
  'course-files': openFiles,
  'kindergarten-map': openKindergartenMap,
};

/** Opens nothing yet: no file, no connection. @throws what `environment.secrets` throws for a secret that is not set */
export function openConnector(config: SourceConfig, environment: ConnectorEnvironment): Connector {
  const open = CONNECTORS[config.type] as Opener<SourceConfig['type']>;
  return open(config, environment);
}
