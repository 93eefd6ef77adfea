/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/rule.h"

#define C(cause) CD_CAUSE_BIT(CD_CAUSE_##cause)
#define DECLARED(what) (1u << CD_DECLARED_##what)
#define CLOSER(who) (1u << CD_CLOSER_##who)
#define PHASE(phase) (1u << CD_PHASE_##phase)
#define GIVE(r, i) .reason = CD_REASON_##r, .initiator = CD_INITIATOR_##i

/* Where coderd is the peer. */
#define CODERD_SITES (CD_SITES_CONTROL | CD_SITE_BIT(CD_SITE_WATCH))

/* Where it may be. */
#define MAYBE_CODERD (CODERD_SITES | CD_SITE_BIT(CD_SITE_NONE))

#define TRANSPORT                                                                                  \
  (C(RESET) | C(BROKEN_PIPE) | C(TIMEOUT) | C(DEADLINE) | C(UNREACHABLE) | C(KEEPALIVE) | C(TLS))

/* clang-format off */
static const CdRule rules[] = {
  { 1, "quiet-success",
    "An SSH session that names no reason and ends with code 0 ended in order.",
    .sites = CD_SITE_BIT(CD_SITE_SSH_SESSION), .causes = C(REPORTED_OK),
    .declared = DECLARED(UNKNOWN), GIVE(GRACEFUL, NONE) },
  { 2, "declared",
    "The sender declared a reason of the vocabulary; it stands, expected is computed from it.",
    .declared = DECLARED(REASON) | DECLARED(UNKNOWN), .gives = CD_GIVES_DECLARED },
  { 3, "unreadable-reason",
    "The declared reason is neither in the vocabulary nor a text that Coder is known to write.",
    .declared = DECLARED(TEXT), .causes = C(UNREADABLE),
    .gives = CD_GIVES_NOTHING, GIVE(UNKNOWN, NONE) },
  { 4, "agent-closing",
    "The agent was already closing when the connection ended.",
    .closers = CLOSER(AGENT), GIVE(SERVER_SHUTDOWN, AGENT) },
  { 5, "workspace-stopping",
    "coderd had already said that the workspace stops.",
    .closers = CLOSER(SERVER), GIVE(WORKSPACE_STOPPED, SERVER) },
  { 6, "workspace-stop-seen",
    "A stop or delete build of the workspace ended the connection.",
    .causes = C(WORKSPACE_STOPPED), GIVE(WORKSPACE_STOPPED, SERVER) },
  { 7, "agent-shutdown",
    "The agent shut down and ended the connection itself.",
    .causes = C(SHUTDOWN) | C(SHUTDOWN_TIMEOUT), GIVE(SERVER_SHUTDOWN, AGENT) },
  { 8, "coordination-cancelled",
    "Coordination exit rule: the local side was cancelled.",
    .sites = CD_SITES_EXIT_RULE, .causes = C(CANCELED), GIVE(SERVER_SHUTDOWN, AGENT) },
  { 9, "coordination-ended",
    "Coordination exit rule: the stream ended without an error.",
    .sites = CD_SITES_EXIT_RULE, .causes = C(NIL), GIVE(GRACEFUL, SERVER) },
  { 10, "coordination-closed",
    "A client of the coordinator hung up and the close succeeded.",
    .sites = CD_SITE_BIT(CD_SITE_COORDINATION_CLOSE), .causes = C(NIL),
    .gives = CD_GIVES_DECLARED_INITIATOR, GIVE(GRACEFUL, NONE) },
  { 11, "coordination-close-failed",
    "A client of the coordinator hung up and the close failed.",
    .sites = CD_SITE_BIT(CD_SITE_COORDINATION_CLOSE),
    .gives = CD_GIVES_DECLARED_INITIATOR, GIVE(NETWORK_ERROR, NONE) },
  { 12, "planned-reconnect",
    "The agent reconnected because its stream ids were used up.",
    .sites = MAYBE_CODERD, .causes = C(RENEWAL), GIVE(GRACEFUL, AGENT) },
  { 13, "server-closed-stream",
    "coderd closed the stream in order.",
    .sites = MAYBE_CODERD, .causes = C(SERVER_CLOSED), GIVE(GRACEFUL, SERVER) },
  { 14, "server-going",
    "coderd is going away and said so.",
    .causes = C(SERVER_GOING), GIVE(SERVER_SHUTDOWN, SERVER) },
  { 15, "build-outdated",
    "coderd has a newer build of the workspace; this agent belongs to the old one.",
    .causes = C(BUILD_OUTDATED), GIVE(WORKSPACE_STOPPED, SERVER) },
  { 16, "refused",
    "coderd answered and refused the agent.",
    .sites = MAYBE_CODERD, .causes = C(REFUSED), GIVE(CONTROL_PLANE_LOST, SERVER) },
  { 17, "given-up-by-server",
    "coderd is alive and gave the connection up.",
    .causes = C(SERVER_LOST), GIVE(CONTROL_PLANE_LOST, SERVER) },
  { 18, "gateway",
    "A gateway on the way cannot reach coderd.",
    .causes = C(GATEWAY), GIVE(CONTROL_PLANE_LOST, NETWORK) },
  { 19, "proxy",
    "Something between agent and coderd swallowed the websocket upgrade.",
    .causes = C(PROXY), GIVE(PROTOCOL_ERROR, NETWORK) },
  { 20, "control-protocol",
    "coderd sent what breaks the protocol, or said that the agent did.",
    .sites = CODERD_SITES, .causes = C(PROTOCOL) | C(INTEGRITY),
    GIVE(PROTOCOL_ERROR, SERVER) },
  { 21, "control-transport",
    "The transport to coderd failed.",
    .sites = CODERD_SITES, .causes = TRANSPORT | C(EOF) | C(UNEXPECTED_EOF) | C(CLOSED),
    GIVE(NETWORK_ERROR, NETWORK) },
  { 22, "coordination-failed",
    "Coordination exit rule: the stream ended with an error, not cancelled here.",
    .sites = CD_SITES_EXIT_RULE, .causes = ~C(NONE), GIVE(NETWORK_ERROR, NETWORK) },
  { 23, "control-unexplained",
    "The agent lost coderd and no readable cause says why.",
    .sites = CD_SITES_CONTROL, GIVE(CONTROL_PLANE_LOST, NONE) },
  { 24, "peer-lost",
    "The coordinator says that the peer is lost.",
    .causes = C(PEER_LOST), GIVE(NETWORK_ERROR, NETWORK) },
  { 25, "client-closed",
    "The client said goodbye with nothing half-sent.",
    .causes = C(ORDERLY), GIVE(CLIENT_CLOSED, CLIENT) },
  { 26, "left-before-first-byte",
    "The client closed before it had sent anything.",
    .causes = C(EOF), .phases = PHASE(BEFORE_FIRST), GIVE(CLIENT_CLOSED, CLIENT) },
  { 27, "half-sent",
    "The client closed inside a message.",
    .causes = C(UNEXPECTED_EOF), GIVE(PROTOCOL_ERROR, CLIENT) },
  { 28, "first-message-late",
    "The client's first message was not complete in its time.",
    .causes = C(DEADLINE), .phases = PHASE(BEFORE_FIRST) | PHASE(FIRST_MESSAGE),
    GIVE(PROTOCOL_ERROR, CLIENT) },
  { 29, "client-vanished",
    "A client that says goodbye when it can was gone without a word.",
    .causes = C(CLIENT_VANISHED), GIVE(NETWORK_ERROR, CLIENT) },
  { 30, "client-frozen",
    "The client's kernel acknowledged, the client itself no longer answered.",
    .causes = C(CLIENT_FROZEN), GIVE(NETWORK_ERROR, CLIENT) },
  { 31, "integrity",
    "A packet was damaged on its way.",
    .causes = C(INTEGRITY), GIVE(PROTOCOL_ERROR, NETWORK) },
  { 32, "client-protocol",
    "The client sent what breaks the protocol, or was refused on content.",
    .causes = C(PROTOCOL), GIVE(PROTOCOL_ERROR, CLIENT) },
  { 33, "transport",
    "The transport between agent and client failed.",
    .causes = TRANSPORT, GIVE(NETWORK_ERROR, NETWORK) },
  { 34, "end-unexplained",
    "The connection was found ended and nothing tells who ended it.",
    .causes = C(EOF) | C(CLOSED), GIVE(NETWORK_ERROR, NONE) },
  { 35, "time-limit",
    "The idle or maximum session time set on the agent ran out.",
    .causes = C(TIME_LIMIT), GIVE(GRACEFUL, AGENT) },
  { 36, "program-ended",
    "The session's program ended by itself.",
    .causes = C(EXIT_OK) | C(EXIT_CODE), GIVE(GRACEFUL, AGENT) },
  { 37, "program-stopped",
    "The session's program was ended by HUP, INT, PIPE or TERM, and not by the agent.",
    .causes = C(EXIT_STOPPED), GIVE(GRACEFUL, AGENT) },
  { 38, "program-crashed",
    "The session's program was ended by a signal that nobody sends in normal operation.",
    .causes = C(EXIT_CRASHED), GIVE(UNKNOWN, AGENT) },
  { 39, "vanished-or-killed",
    "No exit status: most often the client vanished and the agent then killed its program.",
    .causes = C(EXIT_GONE), GIVE(NETWORK_ERROR, NONE) },
  { 40, "transfer-blocked",
    "The agent's policy blocks file transfers.",
    .causes = C(TRANSFER_BLOCKED), GIVE(GRACEFUL, AGENT) },
  { 41, "not-supported",
    "The session asked for what the agent does not support or failed to set up.",
    .causes = C(UNSUPPORTED), GIVE(UNKNOWN, AGENT) },
  { 42, "not-started",
    "The session could not be started, or a limit of the agent was reached.",
    .causes = C(START_FAILED) | C(LIMIT_REACHED), GIVE(UNKNOWN, AGENT) },
  { 43, "ended-well",
    "The line itself says that the end was in order.",
    .causes = C(NIL) | C(REPORTED_OK), GIVE(GRACEFUL, NONE) },
  { 44, "code-without-reason",
    "An exit code other than 0 and no word about the reason.",
    .causes = C(EXIT_UNEXPLAINED), GIVE(UNKNOWN, NONE) },
  { 45, "nothing-known",
    "Nothing that was seen proves a reason.",
    GIVE(UNKNOWN, NONE) },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(rules) <= CD_RULES_MAX);

const CdRule *
cd_rules(guint *n_rules)
{
  *n_rules = G_N_ELEMENTS(rules);
  return rules;
}

const CdRule *
cd_rule_get(guint number)
{
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (rules[i].number == number)
      return &rules[i];
  return NULL;
}

const gchar *
cd_rule_get_number_text(const CdRule *self)
{
  static const gchar digits[][3] = { "0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                     "9",  "10", "11", "12", "13", "14", "15", "16", "17",
                                     "18", "19", "20", "21", "22", "23", "24", "25", "26",
                                     "27", "28", "29", "30", "31", "32", "33", "34", "35",
                                     "36", "37", "38", "39", "40", "41", "42", "43", "44",
                                     "45", "46", "47", "48", "49", "50" };
  G_STATIC_ASSERT(G_N_ELEMENTS(digits) == CD_RULES_MAX + 1);

  return digits[self->number];
}

static gboolean
_has(guint64 set, guint member)
{
  return set == 0 || (set >> member) & 1;
}

static gboolean
_matches(const CdRule *rule, const CdEvidence *evidence, CdCause cause)
{
  return _has(rule->causes, cause) && _has(rule->sites, evidence->site)
         && _has(rule->declared, evidence->declared) && _has(rule->closers, evidence->closer)
         && _has(rule->phases, evidence->phase);
}

const CdRule *
cd_rule_find(const CdEvidence *evidence, CdCause cause)
{
  const CdRule *rule = rules;

  while (!_matches(rule, evidence, cause))
    rule++;
  return rule;
}
