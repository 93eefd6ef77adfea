/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/vocabulary.h"

/* clang-format off */
static const CdReasonInfo reasons[] = {
  [CD_REASON_UNKNOWN] = {
    CD_TEXT_WORD("unknown"), FALSE,
    "Nothing proves a better reason.",
    "Read the detail, then the agent's log around this time." },
  [CD_REASON_GRACEFUL] = {
    CD_TEXT_WORD("graceful"), TRUE,
    "The connection ended in order.",
    "Nothing to do." },
  [CD_REASON_CLIENT_CLOSED] = {
    CD_TEXT_WORD("client_closed"), TRUE,
    "The user's side closed it without an error.",
    "Nothing to do." },
  [CD_REASON_SERVER_SHUTDOWN] = {
    CD_TEXT_WORD("server_shutdown"), TRUE,
    "The agent or coderd went away in order; the connection was healthy.",
    "Nothing to do, unless nobody planned a restart." },
  [CD_REASON_NETWORK_ERROR] = {
    CD_TEXT_WORD("network_error"), FALSE,
    "The transport failed.",
    "See whether other agents lost theirs at the same time: one is its path, all are coderd's." },
  [CD_REASON_PROTOCOL_ERROR] = {
    CD_TEXT_WORD("protocol_error"), FALSE,
    "Bytes flowed but broke the protocol.",
    "Compare the versions of client, agent and coderd, and look for a proxy between them." },
  [CD_REASON_WORKSPACE_STOPPED] = {
    CD_TEXT_WORD("workspace_stopped"), TRUE,
    "The workspace was stopped, deleted or rebuilt while the connection was open.",
    "Nothing to do; build_reason says who or what stopped it." },
  [CD_REASON_CONTROL_PLANE_LOST] = {
    CD_TEXT_WORD("control_plane_lost"), FALSE,
    "The agent lost coderd; open sessions may go on.",
    "Look at coderd, its database and the agent's token." },
};
/* clang-format on */

static const CdNameInfo initiators[] = {
  [CD_INITIATOR_NONE] = { CD_TEXT_WORD(""), "The side is not known." },
  [CD_INITIATOR_CLIENT] = { CD_TEXT_WORD("client"), "The user's side." },
  [CD_INITIATOR_AGENT] = { CD_TEXT_WORD("agent"),
                           "The agent, or a program that it runs in the workspace." },
  [CD_INITIATOR_SERVER] = { CD_TEXT_WORD("server"), "coderd." },
  [CD_INITIATOR_NETWORK] = { CD_TEXT_WORD("network"),
                             "What lies between: a reset, a timeout, no route." },
};

static const CdNameInfo layers[] = {
  [CD_LAYER_NONE] = { CD_TEXT_WORD(""), "The layer is not known." },
  [CD_LAYER_SERVER_TO_AGENT] = { CD_TEXT_WORD("server_to_agent"),
                                 "Control plane: coderd and agent." },
  [CD_LAYER_AGENT_TO_CLIENT] = { CD_TEXT_WORD("agent_to_client"),
                                 "Data plane: agent and user's client." },
  [CD_LAYER_CLIENT_TO_SERVER] = { CD_TEXT_WORD("client_to_server"), "User's client and coderd." },
};

static const CdNameInfo methods[] = {
  [CD_METHOD_NONE] = { CD_TEXT_WORD(""), "The network path is not known." },
  [CD_METHOD_DIRECT] = { CD_TEXT_WORD("direct"), "Peer to peer." },
  [CD_METHOD_DERP] = { CD_TEXT_WORD("derp"), "Through a DERP relay." },
};

static const CdNameInfo sources[] = {
  [CD_SOURCE_SDATA] = { CD_TEXT_WORD("sdata"), "RFC 5424 structured data." },
  [CD_SOURCE_RESCUED] = { CD_TEXT_WORD("rescued"),
                          "RFC 5424 that a source had left in the message text." },
  [CD_SOURCE_SLOG_HUMAN] = { CD_TEXT_WORD("slog-human"), "A line of Coder's human log format." },
  [CD_SOURCE_SLOG_JSON] = { CD_TEXT_WORD("slog-json"), "A line of Coder's JSON log format." },
  [CD_SOURCE_STACKDRIVER] = { CD_TEXT_WORD("stackdriver"),
                              "A line of Coder's Stackdriver format." },
  [CD_SOURCE_SLOG_LEGACY] = { CD_TEXT_WORD("slog-legacy"),
                              "A line of the human format before May 2023." },
  [CD_SOURCE_TEXT] = { CD_TEXT_WORD("text"), "coderd's connection log in free text." },
  [CD_SOURCE_JOURNALD] = { CD_TEXT_WORD("journald"), "Native journald fields." },
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
    if (cd_text_equal(text, rows[i].text))
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
    if (cd_text_equal(text, reasons[i].text))
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
