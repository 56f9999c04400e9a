/**
 * What Keycloak reads from a realm file, as its own client declares it, but for three places where that differs from
 * Keycloak (RealmRepresentation.java and what it holds, 26.x):
 * a component has lists of values, a step says `authenticatorFlow`, and `defaultSignatureAlgorithm` is a known word.
 */
import type AuthenticationFlowRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationFlowRepresentation.js";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type ProtocolMapperRepresentation from "@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";

type Texts = Record<string, string>;
type Requirement = "REQUIRED" | "CONDITIONAL" | "ALTERNATIVE" | "DISABLED";

interface Step {
  authenticator?: string;
  authenticatorConfig?: string;
  authenticatorFlow: boolean;
  flowAlias?: string;
  priority: number;
  requirement: Requirement;
  userSetupAllowed: boolean;
}

interface Flow extends Omit<AuthenticationFlowRepresentation, "authenticationExecutions"> {
  authenticationExecutions: Step[];
}

/** `config` and `attributes` are texts in Keycloak, `true` and 600 too. */
interface Mapper extends ProtocolMapperRepresentation {
  config: Texts;
}

interface Scope extends ClientScopeRepresentation {
  attributes: Texts;
  protocolMappers?: Mapper[];
}

interface Client extends ClientRepresentation {
  attributes: Texts;
  protocolMappers?: Mapper[];
}

interface Component {
  name?: string;
  providerId: string;
  config: Record<string, string[]>;
}

type Own = "attributes" | "authenticationFlows" | "clientScopes" | "clients" | "components" | "defaultSignatureAlgorithm";

export interface Realm extends Omit<RealmRepresentation, Own> {
  attributes: Texts;
  authenticationFlows: Flow[];
  clientScopes: Scope[];
  clients: Client[];
  components: Record<string, Component[]>;
  defaultSignatureAlgorithm: "PS256" | "ES256";
}
