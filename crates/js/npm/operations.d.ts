// Written by `cargo xtask types --accept` from the table of operations. Do not edit.

import type { Binary, Form, Json } from "./values.js";

/** Every operation by its id: what it takes and what it answers. */
export interface Operations {
  /**
   * Lists the agents of a workspace, all at once.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/agents/list-agents
   */
  "agents.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AccountPath;
    query: Record<string, never>;
    body: undefined;
    answer: Agent[] | {
      agents: Agent[];
    };
  };
  /**
   * Makes an agent. Not to be repeated blindly: a second call makes a second agent.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/agents/create-agent
   */
  "agents.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "admin";
    path: AccountPath;
    query: Record<string, never>;
    body: CreateAgent;
    answer: Agent;
  };
  /**
   * Deletes an agent with its branches and deployments, for good.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/agents/delete-agent
   */
  "agents.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "admin";
    path: AgentPath;
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Copies an agent.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/agents/duplicate-agent
   */
  "agents.duplicate": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "admin";
    path: AgentPath;
    query: Record<string, never>;
    body: DuplicateAgent;
    answer: Agent;
  };
  /**
   * Lists the attributes on a branch.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/list-attributes
   */
  "agents.attributes.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: BranchPath;
    query: Record<string, never>;
    body: undefined;
    answer: Attributes;
  };
  /**
   * Adds an attribute.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/create-attribute
   */
  "agents.attributes.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: BranchPath;
    query: Record<string, never>;
    body: AttributeBody;
    answer: Attribute;
  };
  /**
   * Removes an attribute and every variant's value for it.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/delete-attribute
   */
  "agents.attributes.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "operator";
    path: AttributePath;
    query: Record<string, never>;
    body: undefined;
    answer: DeletedAttribute;
  };
  /**
   * Renames an attribute.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/update-attribute
   */
  "agents.attributes.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "operator";
    path: AttributePath;
    query: Record<string, never>;
    body: AttributeBody;
    answer: Attribute;
  };
  /**
   * Lists the utterances of an agent.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/list-audio-cache
   */
  "agents.audio_cache.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: AgentsAudioCacheListQuery;
    body: undefined;
    answer: Entries;
    row: Entry;
  };
  /**
   * Forgets an utterance; it is spoken anew when needed.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/delete-audio-cache-entry
   */
  "agents.audio_cache.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "operator";
    path: EntryPath;
    query: Record<string, never>;
    body: undefined;
    answer: AgentsAudioCacheDeleted;
  };
  /**
   * The recording of an utterance.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/download-audio-file
   */
  "agents.audio_cache.download": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: EntryPath;
    query: Record<string, never>;
    body: undefined;
    answer: Uint8Array;
  };
  /**
   * Replaces the recording of an utterance; customers hear it at once.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/replace-audio-file
   */
  "agents.audio_cache.replace_file": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: EntryPath;
    query: Record<string, never>;
    body: Binary;
    answer: undefined;
  };
  /**
   * Replaces the recording of an utterance together with its words and tuning.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/update-audio-cache-details
   */
  "agents.audio_cache.update_details": {
    method: "PUT";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: EntryPath;
    query: Record<string, never>;
    body: Form;
    answer: undefined;
  };
  /**
   * Speaks words on trial and stores nothing; may use up the provider's credit.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/synthesize-audio-preview
   */
  "agents.audio_cache.synthesize": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: EntryPath;
    query: Record<string, never>;
    body: Synthesize;
    answer: Uint8Array;
  };
  /**
   * Forgets several utterances; each succeeds or fails alone.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/audio-cache/bulk-delete-audio-cache
   */
  "agents.audio_cache.bulk_delete": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "operator";
    path: AgentPath;
    query: Record<string, never>;
    body: BulkDelete;
    answer: BulkDeleted;
  };
  /**
   * Reads the instructions on a branch.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/behavior/get-agent-behavior-rules
   */
  "agents.behavior.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: BranchPath;
    query: Record<string, never>;
    body: undefined;
    answer: Behavior;
  };
  /**
   * Replaces the instructions on a branch.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/behavior/update-agent-behavior-rules
   */
  "agents.behavior.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "operator";
    path: BranchPath;
    query: Record<string, never>;
    body: UpdateBehavior;
    answer: Behavior;
  };
  /**
   * Lists the branches of an agent.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/branches/list-branches
   */
  "agents.branches.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: undefined;
    answer: Branches;
  };
  /**
   * Makes a branch of `main`.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/branches/create-branch
   */
  "agents.branches.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: AgentPath;
    query: Record<string, never>;
    body: CreateBranch;
    answer: CreatedBranch;
  };
  /**
   * Deletes a branch and what was written on it.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/branches/delete-branch
   */
  "agents.branches.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "operator";
    path: BranchPath;
    query: Record<string, never>;
    body: undefined;
    answer: DeletedBranch;
  };
  /**
   * Merges a branch into `main` and publishes `main` to the sandbox.
   *
   * A conflict is an error with status 400 (409 in one table): its body parses into
   * [`crate::error::ErrorBody::conflicts`], and the call is repeated with resolutions.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/branches/merge-branch
   */
  "agents.branches.merge": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: BranchPath;
    query: Record<string, never>;
    body: MergeBranch;
    answer: Merged;
  };
  /**
   * Lists the connectors of an agent.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/list-all-connectors-for-a-project
   */
  "agents.connectors.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: undefined;
    answer: Connectors;
  };
  /**
   * Reads several connectors; a read, although the method is POST.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/batch-get-connectors-by-id
   */
  "agents.connectors.batch_get": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: BatchGet;
    answer: AgentsConnectorsFound;
  };
  /**
   * Changes several connectors; each succeeds or fails alone.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/batch-update-connectors
   */
  "agents.connectors.batch_update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: AgentPath;
    query: Record<string, never>;
    body: BatchUpdate;
    answer: BatchUpdated;
  };
  /**
   * Finds the connector of a number; a read, although the method is POST.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/look-up-connector-by-phone-number
   */
  "agents.connectors.lookup": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: Lookup;
    answer: Connector;
  };
  /**
   * Reads a connector.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/get-a-connector-by-id
   */
  "agents.connectors.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: ConnectorPath;
    query: Record<string, never>;
    body: undefined;
    answer: Connector;
  };
  /**
   * Deletes a connector and releases its numbers.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/delete-a-connector-and-its-phone-numbers
   */
  "agents.connectors.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "publisher";
    path: ConnectorPath;
    query: Record<string, never>;
    body: undefined;
    answer: DeletedConnector;
  };
  /**
   * Changes a connector; calls that come next notice.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/connectors/update-a-connector
   */
  "agents.connectors.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: ConnectorPath;
    query: Record<string, never>;
    body: UpdateConnector;
    answer: Connector;
  };
  /**
   * Lists the deployments of one environment, the newest first.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/deployments/list-deployments-for-an-environment
   */
  "agents.deployments.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: AgentsDeploymentsListQuery;
    body: undefined;
    answer: Deployments;
    row: Deployment;
  };
  /**
   * What runs in each environment now.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/deployments/get-active-deployment-per-environment
   */
  "agents.deployments.active": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: undefined;
    answer: ActiveDeployments;
  };
  /**
   * Publishes `main` to an environment; needless right after a merge (409).
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/deployments/publish-the-current-draft-to-an-environment
   */
  "agents.deployments.publish": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "publisher";
    path: AgentPath;
    query: Record<string, never>;
    body: PublishBody;
    answer: Deployed;
  };
  /**
   * Brings a deployment into a later environment; live is what customers talk to.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/deployments/promote-a-deployment-to-the-next-environment
   */
  "agents.deployments.promote": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "publisher";
    path: DeploymentPath;
    query: Record<string, never>;
    body: PromoteBody;
    answer: Deployed;
  };
  /**
   * Makes an earlier deployment the active one again, at once.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/deployments/rollback-to-a-previous-deployment
   */
  "agents.deployments.rollback": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "publisher";
    path: DeploymentPath;
    query: Record<string, never>;
    body: RollbackBody;
    answer: Deployed;
  };
  /**
   * Lists the numbers of an agent.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/list-all-phone-numbers-for-a-project
   */
  "agents.numbers.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: AgentsNumbersListQuery;
    body: undefined;
    answer: Numbers;
  };
  /**
   * Takes several numbers over.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/import-phone-numbers-into-a-project
   */
  "agents.numbers.import": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "publisher";
    path: AgentPath;
    query: Record<string, never>;
    body: Import;
    answer: Imported;
  };
  /**
   * Gives several numbers up; a DELETE with a body.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/delete-phone-numbers-from-a-project
   */
  "agents.numbers.batch_delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "publisher";
    path: AgentPath;
    query: Record<string, never>;
    body: NumberList;
    answer: DeletedMany;
  };
  /**
   * Reads several numbers; a read, although the method is POST.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/batch-get-phone-numbers
   */
  "agents.numbers.batch_get": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: NumberList;
    answer: AgentsNumbersFound;
  };
  /**
   * Reads a number.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/get-a-specific-phone-number
   */
  "agents.numbers.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: NumberPath;
    query: Record<string, never>;
    body: undefined;
    answer: Number;
  };
  /**
   * Takes a number over.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/import-a-single-phone-number
   */
  "agents.numbers.import_one": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "publisher";
    path: NumberPath;
    query: Record<string, never>;
    body: ImportOneBody;
    answer: ImportedOne;
  };
  /**
   * Gives a number up.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/delete-a-single-phone-number
   */
  "agents.numbers.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "publisher";
    path: NumberPath;
    query: Record<string, never>;
    body: undefined;
    answer: AgentsNumbersDeleted;
  };
  /**
   * Makes a number lead to another connector.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/phone-numbers/reassign-a-phone-number-to-a-different-connector
   */
  "agents.numbers.reassign": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: NumberPath;
    query: Record<string, never>;
    body: Reassign;
    answer: Number;
  };
  /**
   * Places a call. Never repeated without asking: the telephone would ring twice.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/outbound-calls/trigger-outbound-call
   */
  "agents.outbound.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "cost";
    audience: "publisher";
    path: AgentPath;
    query: Record<string, never>;
    body: AgentsOutboundPlaceCall;
    answer: AgentsOutboundPlacedCall;
  };
  /**
   * How far a call is; ask every 2 to 5 seconds.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/outbound-calls/get-outbound-call-status
   */
  "agents.outbound.status": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentsOutboundCallPath;
    query: StatusQuery;
    body: undefined;
    answer: AgentsOutboundCallState;
  };
  /**
   * Reads the configuration of every environment.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/real-time-configs/list-all-config-pages
   */
  "agents.rtc.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: Record<string, never>;
    body: undefined;
    answer: ConfigPages;
  };
  /**
   * Reads the configuration of one environment.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/real-time-configs/get-a-config-page-by-environment
   */
  "agents.rtc.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: ConfigPath;
    query: Record<string, never>;
    body: undefined;
    answer: ConfigPage;
  };
  /**
   * Replaces the schema of one environment.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/real-time-configs/upsert-the-json-schema-for-a-config-page
   */
  "agents.rtc.schema.put": {
    method: "PUT";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: ConfigPath;
    query: Record<string, never>;
    body: PutSchema;
    answer: ConfigPage;
  };
  /**
   * Changes variables of one environment, with effect on the next turn.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/real-time-configs/update-config-variables-for-an-environment
   */
  "agents.rtc.variables.patch": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: ConfigPath;
    query: Record<string, never>;
    body: PatchVariables;
    answer: ConfigPage;
  };
  /**
   * Lists the topics on a branch, all at once.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/knowledge-base/list-knowledge-base-topics
   */
  "agents.kb.topics.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: BranchPath;
    query: Record<string, never>;
    body: undefined;
    answer: Topics;
    row: Topic;
  };
  /**
   * Adds a topic.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/knowledge-base/create-knowledge-base-topic
   */
  "agents.kb.topics.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: BranchPath;
    query: Record<string, never>;
    body: CreateTopic;
    answer: Topic;
  };
  /**
   * Reads a topic.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/knowledge-base/get-knowledge-base-topic
   */
  "agents.kb.topics.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: TopicPath;
    query: Record<string, never>;
    body: undefined;
    answer: Topic;
  };
  /**
   * Removes a topic.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/knowledge-base/delete-knowledge-base-topic
   */
  "agents.kb.topics.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "operator";
    path: TopicPath;
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Changes a topic. The answer is empty: read it again to see the result.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/knowledge-base/update-knowledge-base-topic
   */
  "agents.kb.topics.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "operator";
    path: TopicPath;
    query: Record<string, never>;
    body: UpdateTopic;
    answer: undefined;
  };
  /**
   * Lists the variants on a branch.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/list-variants
   */
  "agents.variants.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: BranchPath;
    query: Record<string, never>;
    body: undefined;
    answer: Variants;
  };
  /**
   * Adds a variant.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/create-variant
   */
  "agents.variants.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: BranchPath;
    query: Record<string, never>;
    body: CreateVariant;
    answer: Variant;
  };
  /**
   * Removes a variant, unless it is the default one.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/delete-variant
   */
  "agents.variants.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "operator";
    path: VariantPath;
    query: Record<string, never>;
    body: undefined;
    answer: DeletedVariant;
  };
  /**
   * Changes a variant.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/variants/update-variant
   */
  "agents.variants.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "operator";
    path: VariantPath;
    query: Record<string, never>;
    body: UpdateVariant;
    answer: Variant;
  };
  /**
   * Lists the voices of a workspace.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/voice-library/list-voices
   */
  "agents.voices.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AccountPath;
    query: AgentsVoicesListQuery;
    body: undefined;
    answer: Voices;
  };
  /**
   * Adds a voice.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/voice-library/register-voice
   */
  "agents.voices.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "publisher";
    path: AccountPath;
    query: Record<string, never>;
    body: CreateVoice;
    answer: OneVoice;
  };
  /**
   * Reads a voice.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/voice-library/get-voice
   */
  "agents.voices.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: VoicePath;
    query: Record<string, never>;
    body: undefined;
    answer: OneVoice;
  };
  /**
   * Changes a voice, for every agent that speaks with it.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/voice-library/update-voice
   */
  "agents.voices.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "publisher";
    path: VoicePath;
    query: Record<string, never>;
    body: UpdateVoice;
    answer: OneVoice;
  };
  /**
   * Makes a sample of a voice.
   *
   * Source: https://docs.poly.ai/api-reference/agents/endpoint/voice-library/synthesize-voice-sample
   */
  "agents.voices.sample": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: VoicePath;
    query: Record<string, never>;
    body: undefined;
    answer: Sample;
  };
  /**
   * Lists the rules.
   *
   * Source: https://docs.poly.ai/api-reference/alerts/endpoint/list-alert-rules
   */
  "alerts.rules.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: Record<string, never>;
    query: RulesQuery;
    body: undefined;
    answer: Rules;
  };
  /**
   * Makes a rule. Status 502 means that the monitoring behind it lags: try again.
   *
   * Source: https://docs.poly.ai/api-reference/alerts/endpoint/create-alert-rule
   */
  "alerts.rules.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: Record<string, never>;
    query: Record<string, never>;
    body: CreateRule;
    answer: Rule;
  };
  /**
   * Reads a rule.
   *
   * Source: https://docs.poly.ai/api-reference/alerts/endpoint/get-alert-rule
   */
  "alerts.rules.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: RulePath;
    query: Record<string, never>;
    body: undefined;
    answer: Rule;
  };
  /**
   * Changes a rule.
   *
   * Source: https://docs.poly.ai/api-reference/alerts/endpoint/update-alert-rule
   */
  "alerts.rules.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "operator";
    path: RulePath;
    query: Record<string, never>;
    body: UpdateRule;
    answer: Rule;
  };
  /**
   * Deletes a rule.
   *
   * Source: https://docs.poly.ai/api-reference/alerts/endpoint/delete-alert-rule
   */
  "alerts.rules.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "destructive";
    audience: "operator";
    path: RulePath;
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Lists the rules that are broken now.
   *
   * Source: https://docs.poly.ai/api-reference/alerts/endpoint/list-active-alerts
   */
  "alerts.active": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: Record<string, never>;
    query: AlertsQuery;
    body: undefined;
    answer: ActiveAlerts;
  };
  /**
   * Opens a text conversation and returns the greeting.
   *
   * Source: https://docs.poly.ai/api-reference/chat/endpoint/create-a-chat
   */
  "chat.create": {
    method: "POST";
    host: "platform";
    credential: "chat";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: ChatPath;
    query: Record<string, never>;
    body: ChatCreateBody;
    answer: Created;
  };
  /**
   * Sends one turn; plan for tens of seconds.
   *
   * Source: https://docs.poly.ai/api-reference/chat/endpoint/respond-to-a-chat
   */
  "chat.respond": {
    method: "POST";
    host: "platform";
    credential: "chat";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: ChatPath;
    query: Record<string, never>;
    body: ChatRespondBody;
    answer: Responded;
  };
  /**
   * Ends the conversation.
   *
   * Source: https://docs.poly.ai/api-reference/chat/endpoint/close-a-chat
   */
  "chat.close": {
    method: "PUT";
    host: "platform";
    credential: "chat";
    retry: "safe";
    safety: "write";
    audience: "nobody";
    path: ChatPath;
    query: Record<string, never>;
    body: CloseBody;
    answer: Closed;
  };
  /**
   * Peaks of concurrent conversations in steps of five minutes.
   *
   * Source: https://docs.poly.ai/api-reference/concurrent-calls/endpoint/get-max-concurrent
   */
  "concurrency.get": {
    method: "GET";
    host: "platform";
    credential: "conversations";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: ListPath;
    query: ConcurrencyQuery;
    body: undefined;
    answer: Concurrency;
  };
  /**
   * Lists, searches or samples conversations.
   *
   * Source: https://docs.poly.ai/api-reference/conversations/v3/endpoint/get-conversations
   */
  "conversations.v3.list": {
    method: "GET";
    host: "platform";
    credential: "conversations";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: ListPath;
    query: ConversationsV3ListQuery;
    body: undefined;
    answer: ConversationsV3Page;
    row: ListItem;
  };
  /**
   * The same list with the credentials of old; `cursor` only where streaming is switched on.
   *
   * Source: https://docs.poly.ai/api-reference/conversations/introduction
   */
  "conversations.v2.list": {
    method: "GET";
    host: "platform";
    credential: "conversations-legacy";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: ListPath;
    query: ConversationsV3ListQuery;
    body: undefined;
    answer: ConversationsV3Page;
    row: ListItem;
  };
  /**
   * The oldest list, unsupported since September 2026 and still there: by time, without cursors.
   *
   * Source: https://docs.poly.ai/api-reference/conversations/v1/endpoint/get-conversations
   */
  "conversations.v1.list": {
    method: "GET";
    host: "platform";
    credential: "conversations-legacy";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: ListPath;
    query: ListV1Query;
    body: undefined;
    answer: ConversationsV3Page;
    row: ListItem;
  };
  /**
   * One conversation with turns, metrics and function events.
   *
   * Source: https://docs.poly.ai/api-reference/conversations/v3/endpoint/get-conversation-by-id
   */
  "conversations.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: DetailPath;
    query: Record<string, never>;
    body: undefined;
    answer: Detail;
  };
  /**
   * The recording. Muted where the key may not hear it all; 404 where nothing was recorded.
   *
   * Source: https://docs.poly.ai/api-reference/conversations/v3/endpoint/get-conversation-audio
   */
  "conversations.audio": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "analyst";
    path: DetailPath;
    query: AudioQuery;
    body: undefined;
    answer: Uint8Array;
  };
  /**
   * Lists the conversations of an agent, without their turns.
   *
   * Source: https://docs.poly.ai/api-reference/introduction
   */
  "data.conversations.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: AgentPath;
    query: DataConversationsListQuery;
    body: undefined;
    answer: DataConversationsPage;
    row: Detail;
  };
  /**
   * Adds marks to turns. Nothing reads or removes them.
   *
   * Source: https://docs.poly.ai/api-reference/introduction
   */
  "data.annotations.add": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: DetailPath;
    query: Record<string, never>;
    body: Annotations;
    answer: Done;
  };
  /**
   * Writes the note of a conversation.
   *
   * Source: https://docs.poly.ai/api-reference/introduction
   */
  "data.note.upsert": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "operator";
    path: DetailPath;
    query: Record<string, never>;
    body: Note;
    answer: Done;
  };
  /**
   * Opens a trial and returns the greeting.
   *
   * Source: https://docs.poly.ai/api-reference/debug-chat/create-debug-chat-session
   */
  "debug_chat.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: AgentPath;
    query: Record<string, never>;
    body: DebugChatCreateBody;
    answer: Reply;
  };
  /**
   * Sends one turn. Code `CHAT_TIMEOUT` (400): the agent was slow, and the turn may have run.
   *
   * Source: https://docs.poly.ai/api-reference/debug-chat/send-debug-chat-message
   */
  "debug_chat.respond": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "operator";
    path: DetailPath;
    query: Record<string, never>;
    body: DebugChatRespondBody;
    answer: Reply;
  };
  /**
   * Lends a number. An empty pool answers 404.
   *
   * Source: https://docs.poly.ai/api-reference/dni/endpoint/dni-reservation
   */
  "dni.reserve": {
    method: "POST";
    host: "platform";
    credential: "dni";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: Record<string, never>;
    query: Record<string, never>;
    body: Reserve;
    answer: Reserved;
  };
  /**
   * Hands a result to the conversation that waits for it.
   *
   * Source: https://docs.poly.ai/api-reference/external-events/endpoint/webhook
   */
  "external_events.webhook": {
    method: "POST";
    host: "platform";
    credential: "external-events";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: Record<string, never>;
    query: EventQuery;
    body: Form | string | Json;
    answer: undefined;
  };
  /**
   * Reports the end of a bridged call; between the telephony's own machines, without a key.
   *
   * Source: https://docs.poly.ai/api-reference/external-events/endpoint/bridge-ended
   */
  "external_events.bridge_ended": {
    method: "POST";
    host: "platform";
    credential: "anonymous";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: Record<string, never>;
    query: Record<string, never>;
    body: BridgeEnded;
    answer: undefined;
  };
  /**
   * Reads the snapshot of a handover; 404 when none was written.
   *
   * Source: https://docs.poly.ai/api-reference/handoff/endpoint/get-handoff
   */
  "handoff.get": {
    method: "GET";
    host: "platform";
    credential: "handoff";
    retry: "safe";
    safety: "read";
    audience: "analyst";
    path: ListPath;
    query: HandoffQuery;
    body: undefined;
    answer: HandoffState;
  };
  /**
   * Mints the access token for one session from a connector token.
   *
   * Source: https://docs.poly.ai/api-reference/messaging/sessions
   */
  "messaging.access_token": {
    method: "POST";
    host: "messaging";
    credential: "messaging-connector";
    retry: "safe";
    safety: "read";
    audience: "nobody";
    path: Record<string, never>;
    query: Record<string, never>;
    body: Record<string, never>;
    answer: {
      access_token: string;
      expires_in?: number;
      token_type?: string;
    };
  };
  /**
   * Creates a session; it dies after about ten idle minutes.
   *
   * Source: https://docs.poly.ai/api-reference/messaging/sessions
   */
  "messaging.sessions.create": {
    method: "POST";
    host: "messaging";
    credential: "messaging-access";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: Record<string, never>;
    query: Record<string, never>;
    body: CreateSessionBody;
    answer: CreatedSession;
  };
  /**
   * Places a call. Never repeated without asking: the telephone would ring twice.
   *
   * Source: https://docs.poly.ai/api-reference/outbound/endpoint/trigger-call
   */
  "outbound.legacy.create": {
    method: "POST";
    host: "platform";
    credential: "outbound";
    retry: "refused";
    safety: "cost";
    audience: "publisher";
    path: Record<string, never>;
    query: Record<string, never>;
    body: OutboundLegacyPlaceCall;
    answer: OutboundLegacyPlacedCall;
  };
  /**
   * How far a call is; ask every 2 to 5 seconds.
   *
   * Source: https://docs.poly.ai/api-reference/outbound/endpoint/get-call-status
   */
  "outbound.legacy.status": {
    method: "GET";
    host: "platform";
    credential: "outbound";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: OutboundLegacyCallPath;
    query: Record<string, never>;
    body: undefined;
    answer: OutboundLegacyCallState;
  };
  /**
   * Sends a message and opens a conversation. No id comes back, so its fate cannot be followed;
   * to people who opted out nothing is sent, and nobody says so.
   *
   * Source: https://docs.poly.ai/api-reference/sms/endpoint/send-sms
   */
  "sms.send": {
    method: "POST";
    host: "platform";
    credential: "sms";
    retry: "refused";
    safety: "cost";
    audience: "publisher";
    path: Record<string, never>;
    query: Record<string, never>;
    body: SendMessage;
    answer: undefined;
  };
  /**
   * Lists the endpoints. Their headers may hold secrets of other systems.
   *
   * Source: https://docs.poly.ai/api-reference/webhooks/endpoint/list-webhook-endpoints
   */
  "webhooks.list": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "admin";
    path: Record<string, never>;
    query: WebhooksListQuery;
    body: undefined;
    answer: Endpoints;
  };
  /**
   * Makes an endpoint and shows its signing secret.
   *
   * Source: https://docs.poly.ai/api-reference/webhooks/endpoint/create-webhook-endpoint
   */
  "webhooks.create": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "write";
    audience: "nobody";
    path: Record<string, never>;
    query: Record<string, never>;
    body: CreateEndpoint;
    answer: Endpoint & {
      signing_secret: string;
    };
  };
  /**
   * Reads an endpoint, without its secret.
   *
   * Source: https://docs.poly.ai/api-reference/webhooks/endpoint/get-webhook-endpoint
   */
  "webhooks.get": {
    method: "GET";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "read";
    audience: "admin";
    path: EndpointPath;
    query: Record<string, never>;
    body: undefined;
    answer: Endpoint;
  };
  /**
   * Changes an endpoint.
   *
   * Source: https://docs.poly.ai/api-reference/webhooks/endpoint/update-webhook-endpoint
   */
  "webhooks.update": {
    method: "PATCH";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "write";
    audience: "admin";
    path: EndpointPath;
    query: Record<string, never>;
    body: UpdateEndpoint;
    answer: Endpoint;
  };
  /**
   * Deletes an endpoint.
   *
   * Source: https://docs.poly.ai/api-reference/webhooks/endpoint/delete-webhook-endpoint
   */
  "webhooks.delete": {
    method: "DELETE";
    host: "build";
    credential: "workspace";
    retry: "safe";
    safety: "destructive";
    audience: "admin";
    path: EndpointPath;
    query: Record<string, never>;
    body: undefined;
    answer: undefined;
  };
  /**
   * Replaces the signing secret and shows the new one; deliveries carry it from now on.
   *
   * Source: https://docs.poly.ai/api-reference/webhooks/endpoint/rotate-webhook-signing-secret
   */
  "webhooks.rotate_secret": {
    method: "POST";
    host: "build";
    credential: "workspace";
    retry: "refused";
    safety: "destructive";
    audience: "nobody";
    path: EndpointPath;
    query: Record<string, never>;
    body: undefined;
    answer: {
      signing_secret: string;
    };
  };
  /**
   * Whether the gateway is well. The specification names other hosts; it lives on this one.
   *
   * Source: https://docs.poly.ai/api-reference/webrtc-gateway/introduction
   */
  "webrtc.health": {
    method: "GET";
    host: "webrtc";
    credential: "anonymous";
    retry: "safe";
    safety: "read";
    audience: "viewer";
    path: Record<string, never>;
    query: Record<string, never>;
    body: undefined;
    answer: Health;
  };
  /**
   * Servers that help a call through firewalls; not on the vendor's pages, used by its own clients.
   *
   * Source: https://docs.poly.ai/api-reference/webrtc-gateway/introduction
   */
  "webrtc.ice_servers": {
    method: "GET";
    host: "webrtc";
    credential: "web-calling";
    retry: "safe";
    safety: "read";
    audience: "nobody";
    path: Record<string, never>;
    query: IceQuery;
    body: undefined;
    answer: {
      iceServers: ({
        credential?: string;
        urls: string | string[];
        username?: string;
      })[];
    };
  };
  /** Another name of `debug_chat.create`. */
  "conversations.debug_chat.create": Operations["debug_chat.create"];
  /** Another name of `debug_chat.respond`. */
  "conversations.debug_chat.respond": Operations["debug_chat.respond"];
  /** Another name of `debug_chat.create`. */
  "data.debug_chat.create": Operations["debug_chat.create"];
  /** Another name of `debug_chat.respond`. */
  "data.debug_chat.respond": Operations["debug_chat.respond"];
  /** Another name of `conversations.get`. */
  "data.conversations.get": Operations["conversations.get"];
  /** Another name of `conversations.audio`. */
  "data.audio.get": Operations["conversations.audio"];
}

/** A workspace: `ws-1a2b3c4d`, a slug, or an older spelling. */
export type AccountId = string;

/** A workspace. */
export interface AccountPath {
  /** The workspace. */
  accountId: AccountId;
}

/** A rule that is broken now. */
export interface ActiveAlert {
  /** Names the rule. */
  alert_rule_id?: AlertRuleId | null;
  /** What was found then. */
  current_value?: number | null;
  /** When it was last looked at. */
  last_evaluated_at?: Timestamp | null;
  /** What it looks at. */
  metric?: AlertMetric | null;
  /** What people call it. */
  name?: string | null;
  /** How it compares. */
  operator?: AlertOperator | null;
  /** The agent it is about; nothing when about all. */
  project_id?: string | null;
  /** Since when it is broken. */
  since?: Timestamp | null;
  /** What it compares with. */
  threshold_value?: number | null;
  /** How far back it looks. */
  window_duration?: AlertWindow | null;
}

/** Every rule that is broken now. */
export interface ActiveAlerts {
  /** In no documented order. */
  data?: ActiveAlert[] | null;
}

/** What runs now. */
export interface ActiveDeployments {
  /** One slot per environment. */
  activeDeployments?: ActiveSlots | null;
}

/** What runs in each environment; nothing where nothing was deployed. */
export interface ActiveSlots {
  /** What customers talk to. */
  live?: Deployment | null;
  /** Before live. */
  "pre-release"?: Deployment | null;
  /** In the sandbox. */
  sandbox?: Deployment | null;
}

/** An agent. */
export interface Agent {
  /** The workspace, in either form. */
  accountId?: string | null;
  /** Names the agent. */
  agentId?: ProjectId | null;
  /** Shown in Studio. */
  agentName?: string | null;
  /** Branches besides `main`. */
  branchCount?: number | null;
  /** When it was made. */
  createdAt?: Timestamp | null;
  /** When it was last changed. */
  updatedAt?: Timestamp | null;
}

/** An agent. */
export interface AgentPath {
  /** The agent. */
  agentId: ProjectId;
}

/** What a rule looks at. Counts are absolute numbers within the window, not rates. */
export type AlertMetric = "turn_latency_p50" | "turn_latency_p95" | "api_errors" | "function_errors" | "call_crashes" | "call_volume" | (string & {});

/** How a value is compared with the threshold. */
export type AlertOperator = ">" | "<" | ">=" | "<=" | (string & {});

/** An alert rule: `ar_…`. */
export type AlertRuleId = string;

/** How a rule stands. */
export type AlertState = "ok" | "alert" | "no_data" | "unknown" | (string & {});

/** How far back a rule looks. */
export type AlertWindow = "5m" | "10m" | "60m" | (string & {});

/** Which alerts are listed. */
export interface AlertsQuery {
  /** Only those over this metric. */
  metric?: AlertMetric;
  /** Only those over this agent. */
  project_id?: ProjectId;
}

/** A mark on one half of a turn. */
export interface Annotation {
  /** What is wrong with it. */
  annotationType: AnnotationType;
  /** Whose half. */
  role: Role;
  /** The turn's place from 0, not its `turn_id`. */
  turnId: number;
}

/** What is wrong with it. */
export type AnnotationType = "missing_topic" | "wrong_transcript" | "wrong_info" | (string & {});

/** A reviewer's marks. */
export interface Annotations {
  /** At least one. Sent twice, they may stand twice. */
  annotations: Annotation[];
}

/** An attribute. */
export interface Attribute {
  /** Names the attribute. */
  id?: AttributeId | null;
  /** What variants give a value to. */
  name?: string | null;
}

/** What the attribute is called. */
export interface AttributeBody {
  /** Not empty. */
  name: string;
}

/** An attribute that variants give values to. */
export type AttributeId = string;

/** An attribute on a branch. */
export interface AttributePath {
  /** The agent. */
  agentId: ProjectId;
  /** The attribute. */
  attributeId: AttributeId;
  /** The branch; `main` for reading only. */
  branchId: BranchId;
}

/** Values of attributes. */
export interface AttributeValues {
  /** By attribute. */
  values?: Record<string, string>;
}

/** The attributes of an agent. */
export interface Attributes {
  /** In no documented order. */
  attributes?: Attribute[] | null;
}

/** An utterance in the audio cache: a whole number, written as text. */
export type AudioEntryId = string;

/** Which recording. */
export interface AudioQuery {
  /** Whose voice; both when absent. */
  direction?: Direction;
  /** Whether personal data is muted; without the permission to hear it, it always is. */
  redacted?: boolean;
}

/** Which connectors to read. */
export interface BatchGet {
  /** At least one. */
  connectorIds: ConnectorId[];
}

/** Changes to several connectors. */
export interface BatchUpdate {
  /** At least one. */
  updates: BatchUpdateItem[];
}

/** Changes to one connector: absent fields stay, null clears. */
export interface BatchUpdateItem {
  /** Language to listen in, BCP 47. */
  asrLangCode?: string | null;
  /** Which one. */
  connectorId: ConnectorId;
  /** Moves it to another agent; the key must reach both. */
  projectId?: ProjectId | null;
  /** The variant that answers. */
  variantId?: string | null;
  /** The voice; the platform tries it out, and it fixes the language spoken. */
  voiceName?: string | null;
}

/** What became of each change. The status is 200 even when all failed. */
export interface BatchUpdated {
  /** One per change. */
  results?: BatchUpdatedItem[] | null;
}

/** What became of one change. */
export interface BatchUpdatedItem {
  /** Which connector. */
  connectorId?: ConnectorId | null;
  /** The connector as it is now. */
  data?: Connector | null;
  /** Why it was not. */
  error?: string | null;
  /** Whether it was changed. */
  success?: boolean | null;
}

/** The instructions. */
export interface Behavior {
  /** All of them. */
  behavior?: string | null;
}

/** A branch. Its fields are undocumented: look into `extra` for more than the two guessed here. */
export interface Branch {
  /** Names the branch. */
  branchId?: BranchId | null;
  /** What people call it. */
  branchName?: string | null;
}

/** A branch of an agent: `BRANCH-…`, or `main`, which cannot be written to. */
export type BranchId = string;

/** A branch of an agent. */
export interface BranchPath {
  /** The agent. */
  agentId: ProjectId;
  /** The branch; `main` for reading only. */
  branchId: BranchId;
}

/** The branches of an agent. */
export interface Branches {
  /** In no documented order. */
  branches?: Branch[] | null;
}

/** How a bridged call ended. */
export interface BridgeEnded {
  /** Seconds the two parties were joined. */
  bridge_duration_seconds: number;
  /** Seconds from start to end. */
  call_duration_seconds: number;
  /** The conversation. */
  conversation_id: ConversationId;
}

/** Which utterances to forget. */
export interface BulkDelete {
  /** 1 to 20. */
  ids: AudioEntryId[];
}

/** What became of each utterance. */
export interface BulkDeleted {
  /** Forgotten. */
  deleted?: string[] | null;
  /** Still there. */
  failed?: string[] | null;
}

/** A call of an agent. */
export interface AgentsOutboundCallPath {
  /** The agent. */
  agentId: ProjectId;
  /** The call. */
  callSid: CallSid;
}

/** A call. */
export interface OutboundLegacyCallPath {
  /** The call. */
  call_sid: CallSid;
}

/** An outbound call, and the conversation it becomes: `OUT-…`. */
export type CallSid = string;

/** How far a call is. Kept for about two hours after its end; an unknown call gives 400. */
export interface AgentsOutboundCallState {
  /** Names the call and the conversation. */
  callSid?: CallSid | null;
  /** Why it failed. */
  reason?: string | null;
  /** How far it is. */
  status?: CallStatus | null;
}

/** How far a call is. Kept for about two hours after its end; an unknown call gives 404. */
export interface OutboundLegacyCallState {
  /** Why it failed. */
  reason?: string | null;
  /** How far it is. */
  status?: CallStatus | null;
}

/** How far a call is; upper case here, lower case in the older family. */
export type CallStatus = "QUEUED" | "CALLING" | "SUCCESS" | "FAILURE" | (string & {});

/**
 * How a conversation was held, in the words of conversation records.
 *
 * Filters, chat and agent functions use other words for the same thing; the aliases are those.
 */
export type Channel = "VOICE-SIP" | "WEBCHAT" | "CHAT" | "SMS" | "RCS" | "WHATSAPP" | (string & {});

/** A handover to people. */
export interface ChatHandoff {
  /** Where to. */
  destination?: string | null;
  /** Why. */
  reason?: string | null;
}

/** Where a chat runs. */
export interface ChatPath {
  /** The workspace. */
  account_id: AccountId;
  /** The agent. */
  project_id: ProjectId;
  /** `v1`, the only version seen. */
  version: string;
}

/** The conversation to close. */
export interface CloseBody {
  /** The conversation. */
  conversation_id: ConversationId;
}

/** Whether it was closed. */
export interface Closed {
  /** Always true in an answer without error. */
  success?: boolean | null;
}

/** Peaks over time. */
export interface Concurrency {
  /** The workspace, in either form. */
  account_id?: string | null;
  /** Five minutes each, the earliest first. */
  intervals?: Interval[] | null;
  /** The agent, in either form. */
  project_id?: string | null;
}

/** The span and what is counted. `variant_id` and `variant_name` exclude each other. */
export interface ConcurrencyQuery {
  /** Where the agent ran. Sources disagree on the default: send it. */
  client_env?: Environment;
  /** Until when, rounded up to five minutes; at most a week later. */
  end_time: Timestamp;
  /** Only this language, BCP 47. */
  language?: string;
  /** Only this number. */
  phone_number?: PhoneNumber;
  /** `variant`; the documented `language` and `phone_number` answer 501. */
  slice_by?: string;
  /** From when, rounded down to five minutes. */
  start_time: Timestamp;
  /** Only this variant. */
  variant_id?: VariantId;
  /** Only the variant with this name. */
  variant_name?: string;
}

/** The configuration of one environment. */
export interface ConfigPage {
  /** Where it acts. */
  clientEnv?: Environment | null;
  /** When either changed. */
  lastUpdated?: Timestamp | null;
  /** What the variables must look like: JSON Schema, draft 7. */
  schema?: Record<string, unknown> | null;
  /** What agents read. */
  variables?: Record<string, unknown> | null;
}

/** The configuration of every environment. */
export interface ConfigPages {
  /** One per environment. */
  configPages?: ConfigPage[] | null;
}

/** The configuration of one environment. */
export interface ConfigPath {
  /** The agent. */
  agentId: ProjectId;
  /** The environment. */
  clientEnv: Environment;
}

/** A connector. */
export interface Connector {
  /** The workspace, in either form. */
  accountId?: string | null;
  /** Language to listen in, BCP 47. */
  asrLangCode?: string | null;
  /** Which version of the agent answers. */
  clientEnv?: Environment | null;
  /** Names the connector. */
  connectorId?: ConnectorId | null;
  /** Whether calls stay with the agent. */
  disableHandoff?: boolean | null;
  /** What people call it. */
  name?: string | null;
  /** The agent, in either form. */
  projectId?: string | null;
  /** Language to speak in; follows the voice. */
  ttsLangCode?: string | null;
  /** The variant that answers; empty when none is chosen. */
  variantId?: string | null;
  /** The voice. */
  voiceName?: string | null;
}

/** A telephony connector: what numbers point to. */
export type ConnectorId = string;

/** A connector of an agent. */
export interface ConnectorPath {
  /** The agent. */
  agentId: ProjectId;
  /** The connector. */
  connectorId: ConnectorId;
}

/** The connectors of an agent. */
export interface Connectors {
  /** In no documented order. */
  connectors?: Connector[] | null;
}

/** A conversation; its form tells the origin (`CA…` telephony, `OUT-…` outbound, a UUID for messaging). */
export type ConversationId = string;

/** What a new agent starts with. */
export interface CreateAgent {
  /** Of one's own choice: letters, digits and hyphens. The platform makes one otherwise. */
  agentId?: ProjectId;
  /** Settings without documentation; `{configs: [...]}`. */
  experimentalConfig?: Record<string, unknown>;
  /** The model it thinks with. */
  llmSettings?: LlmSettings;
  /** Shown in Studio, 1 to 100 characters. */
  name: string;
  /** Greeting and language. */
  responseSettings: ResponseSettings;
  /** The voice it speaks with. */
  voiceSettings?: VoiceSettings;
}

/** How a chat starts; every field may be absent. */
export interface ChatCreateBody {
  /** Language to listen in, BCP 47. */
  asr_lang_code?: string;
  /** `webchat`, `whatsapp`, `sms` or `api`. */
  channel?: string;
  /** Readable by the agent from the first turn. */
  integration_attributes?: Record<string, unknown>;
  /** Language to speak in, BCP 47. */
  tts_lang_code?: string;
  /** Another variant than the connector's. */
  variant_id?: VariantId;
  [name: string]: unknown;
}

/** How a trial starts. */
export interface DebugChatCreateBody {
  /** Language to listen in, BCP 47. */
  asrLangCode?: string;
  /** In the words of agent functions: `chat.polyai`. */
  channel?: string;
  /** Which version of the agent answers. */
  clientEnv: Environment;
  /** Of one's own choice. */
  conversationId?: ConversationId;
  /** Readable by the agent from the first turn. */
  integrationAttributes?: Record<string, unknown>;
  /** Language to speak in, BCP 47. */
  ttsLangCode?: string;
  /** Which variant answers. */
  variantId?: VariantId;
}

/** What the branch is called. */
export interface CreateBranch {
  /** 1 to 100 characters. */
  branchName: string;
}

/** A new endpoint. */
export interface CreateEndpoint {
  /** On when absent. */
  enabled?: boolean;
  /** At least one. */
  event_types: EventType[];
  /** Sent along with every delivery. */
  headers?: Record<string, string>;
  /** 1 to 255 characters. */
  name: string;
  /** Milliseconds, 1,000 to 30,000; 5,000 when absent. */
  timeout_ms?: number;
  /** `https` only. */
  url: string;
}

/** A new rule. */
export interface CreateRule {
  /** On when absent. */
  enabled?: boolean;
  /** What it looks at. */
  metric: AlertMetric;
  /** What people call it. */
  name: string;
  /** How it compares. */
  operator: AlertOperator;
  /** The agent it is about; null or absent for all. */
  project_id?: ProjectId | null;
  /** What it compares with. */
  threshold_value: number;
  /** How far back it looks. */
  window_duration: AlertWindow;
}

/** What a new session is to be. */
export interface CreateSessionBody {
  /** `mobile`, `tablet` or `desktop`; undocumented, sent by the vendor's mobile clients. */
  device_type?: string;
  /** `web`, `ios`, `android`, `ios-web`, `android-web` or `custom`. */
  platform?: string;
  /** Whether answers arrive in chunks. */
  streaming_enabled?: boolean;
}

/** A new topic. */
export interface CreateTopic {
  /** What it does once the topic is in use. */
  actions?: string;
  /** What the agent knows; not empty. */
  content: string;
  /** How visitors ask for it. */
  exampleQueries?: ExampleQueries;
  /** Whether the agent uses it. */
  isActive?: boolean;
  /** Unique within the agent; taken names give 409. */
  name: string;
}

/** A new variant. */
export interface CreateVariant {
  /** Values that differ from nothing. */
  attributeValues?: AttributeValues;
  /** Makes it the default one. */
  isDefault?: boolean;
  /** Unique within the agent; taken names give 409. */
  name: string;
}

/** A new voice. */
export interface CreateVoice {
  /** The provider's settings. */
  config: Record<string, unknown>;
  /** What people call it. */
  name: string;
  /** Who speaks, in upper case. */
  provider: string;
  /** The voice, as the provider names it. */
  providerVoiceId: string;
  /** Comes back as `metadata`. */
  voiceMetadata?: Record<string, unknown>;
}

/** A chat and its greeting. */
export interface Created {
  /** Names the conversation in every later call. */
  conversation_id?: ConversationId | null;
  /** The greeting. */
  response?: string | null;
}

/** A new branch. */
export interface CreatedBranch {
  /** Names the branch. */
  branchId?: BranchId | null;
  /** Where in the agent's history it starts. */
  sequenceId?: string | null;
}

/** A session, ready for a socket. */
export interface CreatedSession {
  /** Names the session; one session is one conversation. Without it the answer is of no use. */
  session_id?: SessionId | null;
}

/** Whether an utterance is forgotten. */
export interface AgentsAudioCacheDeleted {
  /** Always true in an answer without error. */
  success?: boolean | null;
}

/** The number that is gone. */
export interface AgentsNumbersDeleted {
  /** The number. */
  deleted?: string | null;
}

/** The attribute that is gone. */
export interface DeletedAttribute {
  /** Its name. */
  id?: AttributeId | null;
}

/** What deleting a branch did. */
export interface DeletedBranch {
  /** In words. */
  message?: string | null;
  /** Where in the agent's history it happened. */
  sequence?: string | null;
}

/** What deleting a connector did. */
export interface DeletedConnector {
  /** The connector. */
  deletedConnector?: string | null;
  /** The numbers that led to it and lead nowhere now. */
  deletedPhoneNumbers?: string[] | null;
}

/** What became of each number. The status is 200 even when all failed. */
export interface DeletedMany {
  /** Numbers that are gone. */
  deleted?: string[] | null;
  /** Numbers that are not; absent when all are. */
  errors?: NumberError[] | null;
}

/** The variant that is gone. */
export interface DeletedVariant {
  /** Its name. */
  id?: VariantId | null;
}

/** What came of publishing, promoting or rolling back. */
export interface Deployed {
  /** The new deployment, with a new id. */
  deployment?: Deployment | null;
  /** Test runs it started. */
  testRunIds?: string[] | null;
}

/** An agent version in an environment. */
export interface Deployment {
  /** The workspace, in either form. */
  accountId?: string | null;
  /** The agent, in either form. */
  agentId?: string | null;
  /** What was built. */
  artifactVersion?: string | null;
  /** When it came there. */
  createdAt?: Timestamp | null;
  /** An e-mail address. */
  createdBy?: string | null;
  /** Where it runs. */
  environment?: Environment | null;
  /** Names the deployment. */
  id?: DeploymentId | null;
  /** For example `deployment_message`. */
  metadata?: Record<string, unknown> | null;
  /** The same for one version in every environment. */
  version?: string | null;
}

/** An agent version in one environment; promoting it makes another one. */
export type DeploymentId = string;

/** A deployment of an agent. */
export interface DeploymentPath {
  /** The agent. */
  agentId: ProjectId;
  /** The deployment. */
  deploymentId: DeploymentId;
}

/** Deployments of one environment. */
export interface Deployments {
  /** The newest first. */
  deployments?: Deployment[] | null;
}

/** One conversation with everything the platform keeps of it. */
export interface Detail {
  /** The workspace, in either form. */
  accountId?: string | null;
  /** The recording, relative to this record. */
  audioUrl?: string | null;
  /** How it was held. */
  channel?: Channel | null;
  /** Where the agent ran. */
  clientEnv?: Environment | null;
  /** Names the conversation; empty when the platform forgot it. */
  conversationId?: string | null;
  /** When the record was made. */
  createdAt?: Timestamp | null;
  /** The agent version that answered. */
  deploymentId?: string | null;
  /** `inbound` or `outbound`. */
  direction?: string | null;
  /** Seconds; which of the two above is undocumented. */
  duration?: number | null;
  /** When it ended. */
  finishedAt?: Timestamp | null;
  /** Who called. */
  fromNumber?: string | null;
  /** Functions the agent called, by turn number from 1. */
  functionEvents?: Record<string, FunctionEvent[]> | null;
  /** Whether it was handed to people. */
  handoff?: boolean | null;
  /** Where to. */
  handoffDestination?: string | null;
  /** Why. */
  handoffReason?: string | null;
  /** Whether it is still running. */
  inProgress?: boolean | null;
  /** Language, BCP 47. */
  language?: string | null;
  /** Values written by the agent, each with its moments. */
  metrics?: Record<string, MetricValue[]> | null;
  /** A reviewer's note. */
  note?: string | null;
  /** Quality, 1 to 5; 0 to 10 before 28 July 2026. */
  polyScore?: number | null;
  /** Seconds the agent was in it. */
  polyaiDuration?: number | null;
  /** The agent, in either form. */
  projectId?: string | null;
  /** What it was about. */
  shortSummary?: Summary | null;
  /** When it started. */
  startedAt?: Timestamp | null;
  /** Words put to it. */
  tags?: string[] | null;
  /** Who was called. */
  toNumber?: string | null;
  /** Seconds from start to end. */
  totalDuration?: number | null;
  /** The transcript. */
  turns?: Turn[] | null;
  /** The variant that answered. */
  variantId?: string | null;
}

/** One conversation of an agent. */
export interface DetailPath {
  /** The agent. */
  agentId: ProjectId;
  /** The conversation. */
  conversationId: ConversationId;
}

/** Whose voice a recording holds. */
export type Direction = "combined" | "user" | "agent" | (string & {});

/** That it was done. */
export interface Done {
  /** Always true in an answer without error. */
  success?: boolean | null;
}

/** What the copy is called. */
export interface DuplicateAgent {
  /** Of one's own choice; the platform makes one otherwise. */
  newAgentId?: ProjectId;
  /** 1 to 100 characters. */
  newAgentName: string;
}

/** How the call travels: signalling, then sound. */
export type Encryption = "UDP/RTP" | "UDP/SRTP" | "TLS/RTP" | "TLS/SRTP" | (string & {});

/** An endpoint. */
export interface Endpoint {
  /** When it was made. */
  created_at?: Timestamp | null;
  /** Whether it is switched on. */
  enabled?: boolean | null;
  /** What it is told of. */
  event_types?: EventType[] | null;
  /** Sent along with every delivery. */
  headers?: Record<string, string> | null;
  /** Names the endpoint. */
  id?: WebhookEndpointId | null;
  /** What people call it. */
  name?: string | null;
  /** Milliseconds a delivery may take, 1,000 to 30,000. */
  timeout_ms?: number | null;
  /** When it was last changed. */
  updated_at?: Timestamp | null;
  /** Where deliveries go. */
  url?: string | null;
}

/** An endpoint. */
export interface EndpointPath {
  /** The endpoint. */
  endpoint_id: WebhookEndpointId;
}

/** Every endpoint. */
export interface Endpoints {
  /** In no documented order. */
  data?: Endpoint[] | null;
}

/** One page of the cache. */
export interface Entries {
  /** The rows. */
  entries?: Entry[] | null;
  /** Rows on all pages. */
  totalCount?: number | null;
}

/** An utterance. */
export interface Entry {
  /** The name of an uploaded file. */
  audioFilename?: string | null;
  /** When it was spoken first. */
  cachedAt?: Timestamp | null;
  /** Seconds. */
  duration?: number | null;
  /** How often it was taken from the cache. */
  hitCount?: number | null;
  /** Names the utterance. */
  id?: AudioEntryId | null;
  /** Whether it was uploaded. */
  imported?: boolean | null;
  /** BCP 47; empty when unknown. */
  languageCode?: string | null;
  /** Who speaks, in lower case: `eleven_labs`, `google`, `play_ht`, `cartesia`, ... */
  provider?: string | null;
  /** The voice, as the provider names it. */
  providerVoiceId?: string | null;
  /** Whether it was spoken anew. */
  regenerated?: boolean | null;
  /** What is said. */
  transcript?: string | null;
}

/** An utterance of an agent. */
export interface EntryPath {
  /** The agent. */
  agentId: ProjectId;
  /** The utterance. */
  entryId: AudioEntryId;
}

/** Where an agent version runs. Studio's unpublished draft is not reachable by the public API. */
export type Environment = "sandbox" | "pre-release" | "live" | (string & {});

/** Which part of the request holds the event id. */
export type EventIdLocation = "headers" | "querystring" | "payload" | (string & {});

/** Where the event id is, and whose conversation it belongs to. */
export interface EventQuery {
  /** The workspace. */
  account_id: AccountId;
  /** Which part of the request holds the event id. */
  event_id_location: EventIdLocation;
  /** A name there, or a dotted path into the body: `cid`, `order.cid`. */
  event_id_path: string;
  /** The agent. */
  project_id: ProjectId;
}

/** What an endpoint is told of. Conversations and handovers are not among it, whatever older pages promise. */
export type EventType = "alerts.triggered" | "alerts.resolved" | (string & {});

/** Ways to ask for a topic. */
export interface ExampleQueries {
  /** At most [`MAX_QUERIES`]. */
  queries: string[];
}

/** The connectors asked for. */
export interface AgentsConnectorsFound {
  /** Those there are. */
  found?: Connector[] | null;
  /** Ids without a connector. */
  notFound?: string[] | null;
}

/** The numbers asked for. */
export interface AgentsNumbersFound {
  /** Those there are. */
  found?: Number[] | null;
  /** Those there are not. */
  notFound?: string[] | null;
}

/** A function the agent called. */
export interface FunctionEvent {
  /** What it was called with. */
  arguments?: unknown;
  /** Milliseconds it took. */
  duration?: number | null;
  /** What went wrong. */
  error?: unknown;
  /** The handover it caused. */
  handoff?: unknown;
  /** Names the call. */
  id?: string | null;
  /** The function. */
  name?: string | null;
  /** An RFC 1123 date. */
  start_time?: string | null;
  /** Variables it changed. */
  state_changes?: unknown;
  /** What the agent said because of it. */
  utterance?: string | null;
}

/** How a voice sounds. */
export type Gender = "male" | "female" | "neutral" | (string & {});

/** Which handover. One of the two is needed; `shared_id` wins. */
export interface HandoffQuery {
  /** The conversation. */
  id?: string;
  /** The id that the two telephone systems agreed on. */
  shared_id?: string;
}

/** A snapshot. */
export interface HandoffState {
  /** Whatever the agent wrote; may name the customer. */
  data?: Record<string, unknown> | null;
  /** The conversation. */
  id?: string | null;
  /** The id that the two telephone systems agreed on. */
  shared_id?: string | null;
}

/** How the gateway is. */
export interface Health {
  /** Calls held now. */
  activeSessions?: number | null;
  /** `healthy` in the example. */
  status?: string | null;
}

/** For clients that cannot send headers. */
export interface IceQuery {
  /** The web-calling token, instead of the header; prefer the header. */
  token?: string;
}

/** Numbers to take over. */
export interface Import {
  /** Which version of the agent answers; live when absent. */
  clientEnv?: Environment;
  /** At least one. */
  phoneNumbers: PhoneNumber[];
}

/** How a number is taken over. */
export interface ImportOneBody {
  /** Which version of the agent answers; live when absent. */
  clientEnv?: Environment;
}

/** Numbers taken over. */
export interface Imported {
  /** All of them. */
  imported?: string[] | null;
}

/** The number taken over. */
export interface ImportedOne {
  /** The number. */
  imported?: string | null;
}

/** The peak of five minutes. */
export interface Interval {
  /** The language, when sliced by it. */
  language?: string | null;
  /** Most conversations at once. */
  max_concurrent_conversations?: number | null;
  /** The number, when sliced by it. */
  phone_number?: string | null;
  /** When they began. */
  time?: Timestamp | null;
  /** The variant, when sliced by it. */
  variant_id?: string | null;
  /** Its name. */
  variant_name?: string | null;
}

/** How long the visitor waited, in the two spellings the platform uses. */
export type Latency = number | {
  /** A word for it. */
  label?: string | null;
  /** Seconds until the answer began. */
  perceived_latency?: number | null;
  /** Share of the day's turns that were faster, 0 to 1. */
  perceived_latency_percentile_1d?: number | null;
  [name: string]: unknown;
};

/** One row. Anything may be missing or empty, and empty means the same as missing. */
export interface ListItem {
  /** The workspace, in either form. */
  account_id?: string | null;
  /** How it was held. */
  channel?: Channel | null;
  /** Where the agent ran. */
  environment?: Environment | null;
  /** Who called. */
  from_number?: string | null;
  /** Whether it was handed to people. */
  handoff?: boolean | null;
  /** Where to. */
  handoff_destination?: string | null;
  /** Why. */
  handoff_reason?: string | null;
  /** Names the conversation; empty when the platform forgot it. */
  id?: string | null;
  /** Whether it is still running. */
  in_progress?: boolean | null;
  /** Values written by the agent. */
  metrics?: Record<string, Metric> | null;
  /** Turns outside the agent's domain. */
  num_ood?: number | null;
  /** Turns in which nothing was said. */
  num_silences?: number | null;
  /** Turns held; more than `turns` holds when transcripts are switched off. */
  num_turns?: number | null;
  /** Seconds the agent was in it. */
  polyai_duration?: number | null;
  /** The agent, in either form. */
  project_id?: string | null;
  /** When it started. */
  started_at?: Timestamp | null;
  /** The agent's variables. */
  state?: Record<string, unknown> | null;
  /** Who was called. */
  to_number?: string | null;
  /** Seconds from start to end. */
  total_duration?: number | null;
  /** The transcript, where the project shows it. */
  turns?: Turn[] | null;
  /** The variant that answered. */
  variant_id?: string | null;
  /** Its name. */
  variant_name?: string | null;
}

/** The agent whose conversations are listed. */
export interface ListPath {
  /** The workspace. */
  account_id: AccountId;
  /** The agent. */
  project_id: ProjectId;
}

/** Page and order of the list. */
export interface AgentsAudioCacheListQuery {
  /** Rows on a page, 1 to 200; 50 when absent. */
  limit?: number;
  /** Rows to skip. */
  offset?: number;
  /** `field:asc` or `field:desc`, with the field in `snake_case`: `hit_count:desc`. */
  sort?: string;
}

/** Which deployments are listed. */
export interface AgentsDeploymentsListQuery {
  /** Where they ran; the platform insists on it. */
  environment: Environment;
  /** How many; the limits are undocumented, and there is no next page. */
  limit?: number;
}

/** Which numbers are listed. */
export interface AgentsNumbersListQuery {
  /** Only those that lead to this connector. */
  connectorId?: ConnectorId;
}

/** Which voices are listed. */
export interface AgentsVoicesListQuery {
  /** Only such voices. */
  gender?: Gender;
  /** Only the vendor's own, or only others. */
  isPolyVoice?: boolean;
  /** Only voices that speak it. */
  language?: string;
  /** Only this provider's, in upper case: `GOOGLE`, `ELEVENLABS`, ... */
  provider?: string;
}

/**
 * Filters, search and page of the list.
 *
 * At most one of `query_type` and `sample`; with either, both times are required. `variant_id` and
 * `variant_name` exclude each other. While paging, everything but `cursor` stays the same.
 */
export interface ConversationsV3ListQuery {
  /** Any of these channels. */
  channel?: Channel[];
  /** Where the agent ran; live when absent. */
  client_env?: Environment;
  /** Where the next page starts; opaque. */
  cursor?: string;
  /** Started before. */
  end_time?: Timestamp;
  /** Only running ones, or only finished ones. */
  in_progress?: boolean;
  /** Whether turns carry their latency. */
  include_latency?: boolean;
  /** Rows on a page, at most 1,000. */
  limit?: number;
  /** Rows to skip; drifts, use the cursor. */
  offset?: number;
  /** What to search for. */
  query?: string;
  /** `transcript` or `semantic`. */
  query_type?: string;
  /** `random`. */
  sample?: string;
  /** Started at or after. */
  start_time?: Timestamp;
  /** `user` or `agent`, with a transcript search. */
  turn_type?: string;
  /** Only this variant. */
  variant_id?: string;
  /** Only the variant with this name. */
  variant_name?: string;
}

/** Page of the list. */
export interface DataConversationsListQuery {
  /** Rows on a page, from 1; 50 when absent. The maximum is undocumented. */
  limit?: number;
  /** Rows to skip. */
  offset?: number;
}

/** Which endpoints are listed. */
export interface WebhooksListQuery {
  /** Only those that are switched on, or off. */
  enabled?: boolean;
  /** Only those that are told of it. */
  event_type?: EventType;
}

/** Filters and page of the oldest list. */
export interface ListV1Query {
  /** Where the agent ran; live when absent. */
  client_env?: Environment;
  /** Started before. */
  end_time?: Timestamp;
  /** Only running ones, or only finished ones. */
  in_progress?: boolean;
  /** Rows on a page, at most 5,000; 5 when absent. */
  limit?: number;
  /** Rows to skip. */
  offset?: number;
  /** Started at or after. */
  start_time?: Timestamp;
  /** Only this variant. */
  variant_id?: string;
  /** Only the variant with this name. */
  variant_name?: string;
}

/** The model of an agent. */
export interface LlmSettings {
  /** As Studio names it. */
  modelId?: string;
}

/** Which number's connector to find. */
export interface Lookup {
  /** The number. */
  phoneNumber: PhoneNumber;
}

/** How a branch is merged. */
export interface MergeBranch {
  /** Answers to the conflicts of an earlier attempt. */
  conflictResolutions?: Resolution[];
  /** Kept with the sandbox deployment that follows. */
  deploymentMessage?: string;
}

/** A merge. It does not name the deployment it made: ask for the active ones. */
export interface Merged {
  /** In words. */
  message?: string | null;
  /** Where in the agent's history it happened. */
  sequence?: string | null;
  /** Test runs it started. */
  testRunIds?: string[] | null;
}

/** What the agent was thinking of. Which fields come depends on the version. */
export interface Metadata {
  /** Its words as sound. */
  agentResponseAudioUrl?: string | null;
  /** Language it listens in. */
  asrLangCode?: string | null;
  /** The topic it quotes. */
  citedTopic?: string | null;
  /** Where in a flow it is. */
  currentNode?: string | null;
  /** Functions it called. */
  functionEvents?: unknown[] | null;
  /** Where it hands over to. */
  handoffDestination?: string | null;
  /** The flow it is in. */
  inFlow?: string | null;
  /** The step it is in. */
  inStep?: string | null;
  /** What the model was asked. */
  llmRequests?: unknown[] | null;
  /** Values it wrote. */
  metrics?: Record<string, unknown> | null;
  /** How it got there. */
  nodeTrace?: string[] | null;
  /** Documents it used. */
  retrievedSources?: string[] | null;
  /** Topics it used: the reliable sign that one was. */
  retrievedTopics?: string[] | null;
  /** Its variables. */
  state?: Record<string, unknown> | null;
  /** Language it speaks in. */
  ttsLangCode?: string | null;
}

/** A metric: one value, or a list when it was written more than once. */
export type Metric = string | string[] | Json;

/** One value of a metric. */
export interface MetricValue {
  /** When it was written, without a zone. */
  timestamp?: Timestamp | null;
  /** What was written. */
  value?: unknown;
}

/** A reviewer's note. */
export interface Note {
  /** Replaces the one before; comes back in [`Detail::note`]. */
  note: string;
}

/** A number. */
export interface Number {
  /** The workspace, in either form. */
  accountId?: string | null;
  /** Which version of the agent answers. */
  clientEnv?: Environment | null;
  /** Where it leads to; absent or empty when nowhere. */
  connectorId?: string | null;
  /** The number. */
  number?: PhoneNumber | null;
  /** The agent, in either form. */
  projectId?: string | null;
}

/** Why a number stayed. */
export interface NumberError {
  /** In words. */
  error?: string | null;
  /** The number. */
  phoneNumber?: string | null;
}

/** Which numbers are meant. */
export interface NumberList {
  /** At least one. */
  phoneNumbers: PhoneNumber[];
}

/** A number of an agent. */
export interface NumberPath {
  /** The agent. */
  agentId: ProjectId;
  /** The number, with its plus. */
  phoneNumber: PhoneNumber;
}

/** The numbers of an agent. */
export interface Numbers {
  /** In no documented order. */
  phoneNumbers?: Number[] | null;
}

/** A voice, wrapped. */
export interface OneVoice {
  /** The voice. */
  voice?: Voice | null;
}

/** One page of the list. */
export interface ConversationsV3Page {
  /** The rows; the platform does not document their order. */
  conversations?: ListItem[] | null;
  /** Where the next page starts; absent on the last. */
  cursor?: string | null;
  /** The older way of paging. */
  next_offset?: number | null;
}

/** One page of the list. */
export interface DataConversationsPage {
  /** Rows without turns, metrics and function events; most fields are empty. */
  conversations?: Detail[] | null;
  /** Rows on all pages. */
  count?: number | null;
  /** Rows on a page. */
  limit?: number | null;
  /** Rows skipped. */
  offset?: number | null;
}

/** New values. */
export interface PatchVariables {
  /** Merged at the top level only: an object inside replaces the whole one before. */
  variables: Record<string, unknown>;
}

/** A telephone number in E.164, for example `+447700900123`; the plus is escaped in paths. */
export type PhoneNumber = string;

/** A call to place. */
export interface AgentsOutboundPlaceCall {
  /** ISO 3166, two letters; for national numbers. */
  countryCode?: string;
  /** `tls_srtp` when absent; other words are undocumented. */
  encryption?: string;
  /** Which version of the agent speaks. */
  environment: Environment;
  /** Reaches the agent as SIP headers; under [`MAX_METADATA`]. */
  metadata?: Record<string, string>;
  /** E.164, or a national number together with `country_code`. */
  toNumber: string;
  /** Which variant speaks. */
  variantId?: VariantId;
}

/** A call to place. */
export interface OutboundLegacyPlaceCall {
  /** ISO 3166, two letters; for national numbers. */
  country_code?: string;
  /** `TLS/SRTP` when absent. */
  encryption?: Encryption;
  /** Reaches the agent as SIP headers; under 26 KB as base64. */
  metadata?: Record<string, string>;
  /** E.164, or a national number together with `country_code`. */
  to_number: string;
}

/** A call on its way. */
export interface AgentsOutboundPlacedCall {
  /** Names the call and the conversation. */
  callSid?: CallSid | null;
  /** How far it is. */
  status?: CallStatus | null;
}

/** A call on its way. */
export interface OutboundLegacyPlacedCall {
  /** Names the call and the conversation. */
  call_sid?: CallSid | null;
}

/** An agent, called project by the data families: `PROJECT-1A2B3C4D` or a slug. */
export type ProjectId = string;

/** Where a deployment goes next. */
export interface PromoteBody {
  /** Kept with the deployment. */
  deploymentMessage?: string;
  /** Pre-release or live, later than the present one; the next one when absent. */
  targetEnvironment?: Environment;
}

/** What is published. */
export interface PublishBody {
  /** Kept with the deployment. */
  deploymentMessage?: string;
  /** Where to; the sandbox when absent. A field of the body, whatever the error catalogue says. */
  environment?: Environment;
}

/** A new schema. */
export interface PutSchema {
  /** JSON Schema, draft 7. */
  schema: Record<string, unknown>;
}

/** Ways to ask for a topic. */
export interface Queries {
  /** One question each. */
  queries?: string[] | null;
}

/** Where a number is to lead. */
export interface Reassign {
  /** A connector of the same agent. */
  connectorId: ConnectorId;
}

/** The agent's turn. */
export interface Reply {
  /** Whether this was the last turn. */
  conversationEnded?: boolean | null;
  /** Names the conversation: `AS_CHAT_…`. */
  conversationId?: ConversationId | null;
  /** Whether more will follow. */
  delayedResponse?: boolean | null;
  /** What it was thinking of. */
  metadata?: Metadata | null;
  /** What the agent says. */
  response?: string | null;
  /** What was said. */
  userInput?: string | null;
}

/** What the agent is to know when the number is called. */
export interface Reserve {
  /** Readable in the start function of that call. */
  attributes: Record<string, unknown>;
}

/** A number, lent. */
export interface Reserved {
  /** The number to show to the visitor. */
  dni?: string | null;
}

/** What becomes of one conflict. */
export interface Resolution {
  /** Where it lies, as the conflict says. */
  path: string[];
  /** Which side wins. */
  strategy: Strategy;
  /** A third value, where neither side's is right. */
  value?: unknown;
}

/** One turn of the visitor. */
export interface ChatRespondBody {
  /** The conversation. */
  conversation_id: ConversationId;
  /** What the visitor said; empty means silence. */
  message?: string;
  /** For this turn only. */
  metadata?: Record<string, unknown>;
  [name: string]: unknown;
}

/** One turn. */
export interface DebugChatRespondBody {
  /** Language to listen in, BCP 47. */
  asrLangCode?: string;
  /** The same as at the start. */
  clientEnv: Environment;
  /** What is said; empty when absent. */
  message?: string;
  /** For this turn only. */
  metadata?: Record<string, unknown>;
  /** Language to speak in, BCP 47. */
  ttsLangCode?: string;
}

/** The agent's turn. */
export interface Responded {
  /** The conversation. */
  conversation_id?: ConversationId | null;
  /** Whether this was the last turn. */
  end_conversation?: boolean | null;
  /** Where the conversation goes on, when it was handed over. */
  handoff?: ChatHandoff | null;
  /** What the agent says. */
  response?: string | null;
}

/** How an agent opens a conversation. */
export interface ResponseSettings {
  /** Its first words; not empty, whatever the vendor's quick start says. */
  greeting: string;
  /** BCP 47; `en-GB` when absent. */
  languageCode?: string;
}

/** Whose half of a turn. */
export type Role = "user" | "agent" | (string & {});

/** Why a deployment comes back. */
export interface RollbackBody {
  /** Kept with the deployment. */
  deploymentMessage?: string;
}

/** A rule and how it stands. */
export interface Rule {
  /** When it was made. */
  created_at?: Timestamp | null;
  /** How it stands. */
  current_state?: AlertState | null;
  /** What was found then. */
  current_value?: number | null;
  /** Whether it is switched on. */
  enabled?: boolean | null;
  /** Names the rule. */
  id?: AlertRuleId | null;
  /** When it was last looked at. */
  last_evaluated_at?: Timestamp | null;
  /** What it looks at. */
  metric?: AlertMetric | null;
  /** What people call it. */
  name?: string | null;
  /** How it compares. */
  operator?: AlertOperator | null;
  /** The agent it is about; nothing when about all. */
  project_id?: string | null;
  /** Since when. */
  since?: Timestamp | null;
  /** What it compares with. */
  threshold_value?: number | null;
  /** When it was last changed. */
  updated_at?: Timestamp | null;
  /** How far back it looks. */
  window_duration?: AlertWindow | null;
}

/** A rule. */
export interface RulePath {
  /** The rule. */
  rule_id: AlertRuleId;
}

/** Every rule. */
export interface Rules {
  /** In no documented order. */
  data?: Rule[] | null;
}

/** Which rules are listed. */
export interface RulesQuery {
  /** Only those that are switched on, or off. */
  enabled?: boolean;
  /** Only those over this metric. */
  metric?: AlertMetric;
  /** Only those over this agent. */
  project_id?: ProjectId;
  /** Only those in this state. */
  state?: AlertState;
}

/** A sample to listen to. */
export interface Sample {
  /** For how long. */
  expiresInSeconds?: number | null;
  /** Where it is, for a while. */
  sampleUrl?: string | null;
  /** What is said. */
  text?: string | null;
  /** The voice. */
  voiceId?: VoiceId | null;
}

/** A message to send. */
export interface SendMessage {
  /** Whom from, E.164; one of the agent's numbers when absent, ignored for rich messages. */
  agent_number?: string;
  /** The agent's first words; not marked as required. */
  message?: string;
  /** Twilio's id of the service; needed for rich messages. */
  messaging_service_sid?: string;
  /** Whom to; E.164, with `rcs:` before it for rich messages. */
  user_number: string;
}

/** A messaging session. */
export type SessionId = string;

/** What belongs to a recording. */
export interface Settings {
  /** How they are spoken. */
  config?: Tuning;
  /** The words. */
  text?: string;
}

/** Where the call was placed. */
export interface StatusQuery {
  /** The same as when it was placed; the platform insists on it. */
  environment: Environment;
}

/** Which side of a conflict wins. */
export type Strategy = "ours" | "theirs" | "base" | (string & {});

/** What a conversation was about: text in the specification, heading and content in reality. */
export type Summary = string | {
  /** A paragraph. */
  content: string;
  /** A line. */
  heading: string;
  [name: string]: unknown;
};

/** What to speak on trial. */
export interface Synthesize {
  /** How. */
  config: Tuning;
  /** BCP 47. */
  language?: string;
  /** The words. */
  text: string;
}

/**
 * A moment as the platform wrote it: kept verbatim, read leniently.
 *
 * Seen in the wild: `Z`, `+00:00` with microseconds, no zone at all. A missing zone means UTC.
 */
export type Timestamp = string;

/** A topic. */
export interface Topic {
  /** What it does once the topic is in use. */
  actions?: string | null;
  /** What the agent knows. */
  content?: string | null;
  /** How visitors ask for it. */
  exampleQueries?: Queries | null;
  /** Names the topic. */
  id?: TopicId | null;
  /** Whether the agent uses it. */
  isActive?: boolean | null;
  /** Unique within the agent. */
  name?: string | null;
}

/** A topic of the knowledge base. */
export type TopicId = string;

/** A topic on a branch. */
export interface TopicPath {
  /** The agent. */
  agentId: ProjectId;
  /** The branch; `main` for reading only. */
  branchId: BranchId;
  /** The topic. */
  topicId: TopicId;
}

/** Every topic on a branch: a bare list on the wire, without pages. */
export type Topics = Topic[];

/** How a voice speaks. What a provider does not know, it ignores. */
export interface Tuning {
  /** The provider's word for it. */
  emotion?: string;
  /** The provider's engine. */
  engine?: string;
  /** Speed before quality. */
  instantMode?: boolean;
  /** The provider's model. */
  modelId?: string;
  /** 0 to 1. */
  similarityBoost?: number;
  /** 1 is natural. */
  speed?: number;
  /** 0 to 1. */
  stability?: number;
  /** The provider's version. */
  version?: string;
  /** For voices that are described in words. */
  voiceDescription?: string;
  /** 1 is natural. */
  volume?: number;
}

/** One exchange: what the visitor said and what the agent answered. */
export interface Turn {
  /** The agent's words. */
  agent_response?: string | null;
  /** When the agent answered. */
  agent_response_datetime?: Timestamp | null;
  /** Language listened in. */
  asr_lang_code?: string | null;
  /** The visitor spoke while the agent did. */
  barge_in?: boolean | null;
  /** The agent's words in English. */
  english_agent_response?: string | null;
  /** Names and numbers found in the visitor's words. */
  entities?: unknown;
  /** What the agent took the visitor to mean. */
  intents?: string[] | null;
  /** Outside the agent's domain. */
  is_ood?: boolean | null;
  /** Nothing was said. */
  is_silence?: boolean | null;
  /** How long the visitor waited. */
  latency?: Latency | null;
  /** What the agent consulted: topics, functions, safety. */
  metadata?: Record<string, unknown> | null;
  /** The visitor's words in English. */
  translated_user_input?: string | null;
  /** Language spoken in. */
  tts_lang_code?: string | null;
  /** The visitor's words. */
  user_input?: string | null;
  /** The visitor's recording, relative to the conversation. */
  user_input_audio_url?: string | null;
  /** When the visitor spoke. */
  user_input_datetime?: Timestamp | null;
  /** Keys pressed. */
  user_input_dtmf?: string | null;
}

/** New instructions. */
export interface UpdateBehavior {
  /** Replaces the whole text, although the method is PATCH; not empty. */
  behavior: string;
}

/** Changes to a connector: absent fields stay, null clears. */
export interface UpdateConnector {
  /** Language to listen in, BCP 47. */
  asrLangCode?: string | null;
  /** Moves it to another agent; the key must reach both. */
  projectId?: ProjectId | null;
  /** The variant that answers. */
  variantId?: string | null;
  /** The voice; the platform tries it out, and it fixes the language spoken. */
  voiceName?: string | null;
}

/** What changes; absent fields stay. */
export interface UpdateEndpoint {
  /** On or off. */
  enabled?: boolean;
  /** All of them, at least one. */
  event_types?: EventType[];
  /** All of them. */
  headers?: Record<string, string>;
  /** 1 to 255 characters. */
  name?: string;
  /** Milliseconds, 1,000 to 30,000. */
  timeout_ms?: number;
  /** `https` only. */
  url?: string;
}

/** What changes; absent fields stay. */
export interface UpdateRule {
  /** On or off. */
  enabled?: boolean;
  /** What it looks at. */
  metric?: AlertMetric;
  /** What people call it. */
  name?: string;
  /** How it compares. */
  operator?: AlertOperator;
  /** The agent it is about; null for all. */
  project_id?: ProjectId | null;
  /** What it compares with. */
  threshold_value?: number;
  /** How far back it looks. */
  window_duration?: AlertWindow;
}

/** What changes; absent fields stay. */
export interface UpdateTopic {
  /** What it does once the topic is in use. */
  actions?: string;
  /** What the agent knows. */
  content?: string;
  /** All of them, replaced. */
  exampleQueries?: ExampleQueries;
  /** Whether the agent uses it. */
  isActive?: boolean;
  /** Unique within the agent. */
  name?: string;
}

/** What changes; absent fields stay. */
export interface UpdateVariant {
  /** All of them, replaced. */
  attributeValues?: AttributeValues;
  /** Makes it the default one. */
  isDefault?: boolean;
  /** Unique within the agent. */
  name?: string;
}

/** What changes; absent fields stay. */
export interface UpdateVoice {
  /** The provider's settings. */
  config?: Record<string, unknown>;
  /** What people call it. */
  name?: string;
  /** Who speaks, in upper case. */
  provider?: string;
  /** The voice, as the provider names it. */
  providerVoiceId?: string;
  /** Comes back as `metadata`. */
  voiceMetadata?: Record<string, unknown>;
}

/** Values of attributes. */
export interface Values {
  /** By attribute. */
  values?: Record<string, string> | null;
}

/** A variant. */
export interface Variant {
  /** A value for every attribute. */
  attributeValues?: Values | null;
  /** Names the variant. */
  id?: VariantId | null;
  /** Whether it answers where none is chosen. The default one cannot be removed. */
  isDefault?: boolean | null;
  /** Unique within the agent. */
  name?: string | null;
}

/** A variant of an agent: `VARIANT-…`. */
export type VariantId = string;

/** A variant on a branch. */
export interface VariantPath {
  /** The agent. */
  agentId: ProjectId;
  /** The branch; `main` for reading only. */
  branchId: BranchId;
  /** The variant. */
  variantId: VariantId;
}

/** The variants of an agent. */
export interface Variants {
  /** In no documented order. */
  variants?: Variant[] | null;
}

/** A voice. */
export interface Voice {
  /** The provider's settings. */
  config?: Record<string, unknown> | null;
  /** Names the voice. */
  id?: VoiceId | null;
  /** Whether the vendor made it. */
  isPolyVoice?: boolean | null;
  /** What was sent as `voiceMetadata`. */
  metadata?: Record<string, unknown> | null;
  /** What people call it. */
  name?: string | null;
  /** Who speaks, in upper case. */
  provider?: string | null;
  /** The voice, as the provider names it. */
  providerVoiceId?: string | null;
}

/** A voice of the workspace's library: `VOICE-…`. */
export type VoiceId = string;

/** A voice of a workspace. */
export interface VoicePath {
  /** The workspace. */
  accountId: AccountId;
  /** The voice. */
  voiceId: VoiceId;
}

/** The voice of an agent. */
export interface VoiceSettings {
  /** A voice of the workspace's library. */
  voiceId: string;
}

/** The voices of a workspace. */
export interface Voices {
  /** In no documented order. */
  voices?: Voice[] | null;
}

/** A webhook endpoint: `whe_…`. */
export type WebhookEndpointId = string;
