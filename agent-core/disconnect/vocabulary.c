/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/vocabulary.h"

/* clang-format off */
static const CdReasonInfo reasons[] = {
  [CD_REASON_UNKNOWN] = {
    "unknown", FALSE,
    "Nothing proves a better reason.",
    "Read the detail, then the agent's log around this time." },
  [CD_REASON_GRACEFUL] = {
    "graceful", TRUE,
    "The connection ended in order.",
    "Nothing to do." },
  [CD_REASON_CLIENT_CLOSED] = {
    "client_closed", TRUE,
    "The user's side closed it without an error.",
    "Nothing to do." },
  [CD_REASON_SERVER_SHUTDOWN] = {
    "server_shutdown", TRUE,
    "The agent or coderd went away in order; the connection was healthy.",
    "Nothing to do, unless nobody planned a restart." },
  [CD_REASON_NETWORK_ERROR] = {
    "network_error", FALSE,
    "The transport failed.",
    "See whether other agents lost theirs at the same time: one is its path, all are coderd's." },
  [CD_REASON_PROTOCOL_ERROR] = {
    "protocol_error", FALSE,
    "Bytes flowed but broke the protocol.",
    "Compare the versions of client, agent and coderd, and look for a proxy between them." },
  [CD_REASON_WORKSPACE_STOPPED] = {
    "workspace_stopped", TRUE,
    "The workspace was stopped, deleted or rebuilt while the connection was open.",
    "Nothing to do; build_reason says who or what stopped it." },
  [CD_REASON_CONTROL_PLANE_LOST] = {
    "control_plane_lost", FALSE,
    "The agent lost coderd; open sessions may go on.",
    "Look at coderd, its database and the agent's token." },
};
/* clang-format on */

static const CdNameInfo initiators[] = {
  [CD_INITIATOR_NONE] = { "", "The side is not known." },
  [CD_INITIATOR_CLIENT] = { "client", "The user's side." },
  [CD_INITIATOR_AGENT] = { "agent", "The agent, or a program that it runs in the workspace." },
  [CD_INITIATOR_SERVER] = { "server", "coderd." },
  [CD_INITIATOR_NETWORK] = { "network", "What lies between: a reset, a timeout, no route." },
};

static const CdNameInfo layers[] = {
  [CD_LAYER_NONE] = { "", "The layer is not known." },
  [CD_LAYER_SERVER_TO_AGENT] = { "server_to_agent", "Control plane: coderd and agent." },
  [CD_LAYER_AGENT_TO_CLIENT] = { "agent_to_client", "Data plane: agent and user's client." },
  [CD_LAYER_CLIENT_TO_SERVER] = { "client_to_server", "User's client and coderd." },
};

static const CdNameInfo methods[] = {
  [CD_METHOD_NONE] = { "", "The network path is not known." },
  [CD_METHOD_DIRECT] = { "direct", "Peer to peer." },
  [CD_METHOD_DERP] = { "derp", "Through a DERP relay." },
};

static const CdNameInfo sources[] = {
  [CD_SOURCE_SDATA] = { "sdata", "RFC 5424 structured data." },
  [CD_SOURCE_RESCUED] = { "rescued", "RFC 5424 that a source had left in the message text." },
  [CD_SOURCE_SLOG_HUMAN] = { "slog-human", "A line of Coder's human log format." },
  [CD_SOURCE_SLOG_JSON] = { "slog-json", "A line of Coder's JSON log format." },
  [CD_SOURCE_STACKDRIVER] = { "stackdriver", "A line of Coder's Stackdriver format." },
  [CD_SOURCE_SLOG_LEGACY] = { "slog-legacy", "A line of the human format before May 2023." },
  [CD_SOURCE_TEXT] = { "text", "coderd's connection log in free text." },
  [CD_SOURCE_JOURNALD] = { "journald", "Native journald fields." },
};

G_STATIC_ASSERT(G_N_ELEMENTS(reasons) == CD_N_REASONS);
G_STATIC_ASSERT(G_N_ELEMENTS(initiators) == CD_N_INITIATORS);
G_STATIC_ASSERT(G_N_ELEMENTS(layers) == CD_N_LAYERS);
G_STATIC_ASSERT(G_N_ELEMENTS(methods) == CD_N_METHODS);
G_STATIC_ASSERT(G_N_ELEMENTS(sources) == CD_N_SOURCES);

const CdReasonInfo *
cd_reason_get_info(CdReason reason)
{
  return &reasons[reason];
}

const CdNameInfo *
cd_initiator_get_info(CdInitiator initiator)
{
  return &initiators[initiator];
}

const CdNameInfo *
cd_layer_get_info(CdLayer layer)
{
  return &layers[layer];
}

const CdNameInfo *
cd_method_get_info(CdMethod method)
{
  return &methods[method];
}

const CdNameInfo *
cd_source_get_info(CdSource source)
{
  return &sources[source];
}

static gboolean
_find_name(const CdNameInfo *rows, guint n_rows, CdText text, guint *index)
{
  for (guint i = 0; i < n_rows; i++)
    if (cd_text_is(text, rows[i].name))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
cd_reason_parse(CdText text, CdReason *reason)
{
  if (cd_text_is_empty(text))
    {
      *reason = CD_REASON_UNKNOWN;
      return TRUE;
    }
  for (guint i = 0; i < CD_N_REASONS; i++)
    if (cd_text_is(text, reasons[i].name))
      {
        *reason = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
cd_initiator_parse(CdText text, CdInitiator *initiator)
{
  return _find_name(initiators, CD_N_INITIATORS, text, initiator);
}

gboolean
cd_layer_parse(CdText text, CdLayer *layer)
{
  return _find_name(layers, CD_N_LAYERS, text, layer);
}

gboolean
cd_method_parse(CdText text, CdMethod *method)
{
  return _find_name(methods, CD_N_METHODS, text, method);
}

gboolean
cd_source_parse(CdText text, CdSource *source)
{
  return _find_name(sources, CD_N_SOURCES, text, source);
}

gboolean
cd_reason_is_expected(CdReason reason)
{
  return reasons[reason].expected;
}
