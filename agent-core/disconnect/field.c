/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disconnect/field.h"

#define JOURNALD_PREFIX "CODER_"

/* Open addressing; twice as many slots as keys keeps a miss at one or two comparisons. */
#define N_SLOTS 128

#define TEXT(literal)                                                                              \
  {                                                                                                \
    (literal), sizeof(literal) - 1                                                                 \
  }
#define FIELD(name, kind, explanation)                                                             \
  {                                                                                                \
    TEXT(name), CD_KIND_##kind, { NULL, 0 }, { NULL, 0 }, (explanation)                            \
  }
#define ALIASED(name, kind, slog_key, log_key, explanation)                                        \
  {                                                                                                \
    TEXT(name), CD_KIND_##kind, TEXT(slog_key), TEXT(log_key), (explanation)                       \
  }

/* clang-format off */
static const CdFieldInfo fields[] = {
  [CD_FIELD_CONNECT_TYPE] = FIELD("connect_type", STRING, "the layer"),
  [CD_FIELD_SITE] = FIELD("site", STRING, "the place that saw the end"),
  [CD_FIELD_DISCONNECT_REASON] = FIELD("disconnect_reason", STRING, "why it ended"),
  [CD_FIELD_DISCONNECT_EXPECTED] = FIELD("disconnect_expected", BOOLEAN, "normal operation or not"),
  [CD_FIELD_DISCONNECT_INITIATOR] = FIELD("disconnect_initiator", STRING, "the side that ended it"),
  [CD_FIELD_DISCONNECT_DETAIL] = FIELD("disconnect_detail", STRING, "supplement in words"),
  [CD_FIELD_CONNECTION_METHOD] = FIELD("connection_method", STRING, "network path at that moment"),
  [CD_FIELD_EXIT_CODE] = FIELD("exit_code", INTEGER, "what the program or handler ended with"),
  [CD_FIELD_RULE] = FIELD("rule", INTEGER, "number of the rule that decided"),
  [CD_FIELD_SESSION_ID] = ALIASED("session_id", STRING, "id", "", "SSH session or terminal"),
  [CD_FIELD_CONNECTION_ID] = ALIASED("connection_id", STRING, "", "ConnectionID", "connection"),
  [CD_FIELD_CLIENT_SESSION_ID] = FIELD("client_session_id", STRING, "session of the user's IDE"),
  [CD_FIELD_APP] = FIELD("app", STRING, "the user's application"),
  [CD_FIELD_WORKSPACE_ID] = ALIASED("workspace_id", STRING, "", "WorkspaceID", "workspace"),
  [CD_FIELD_WORKSPACE_NAME] = ALIASED("workspace_name", STRING, "", "WorkspaceName",
                                      "workspace's name"),
  [CD_FIELD_OWNER_NAME] = FIELD("owner_name", STRING, "workspace's owner"),
  [CD_FIELD_AGENT_ID] = FIELD("agent_id", STRING, "agent"),
  [CD_FIELD_AGENT_NAME] = ALIASED("agent_name", STRING, "", "AgentName", "agent's name"),
  [CD_FIELD_BUILD_ID] = FIELD("build_id", STRING, "build that stopped the workspace"),
  [CD_FIELD_BUILD_REASON] = FIELD("build_reason", STRING, "why that build was made"),
  [CD_FIELD_TRANSITION] = FIELD("transition", STRING, "what that build does"),
  [CD_FIELD_REMOTE_ADDR] = ALIASED("remote_addr", STRING, "remote", "Ip", "the peer's address"),
  [CD_FIELD_LOCAL_ADDR] = ALIASED("local_addr", STRING, "local", "", "our address"),
  [CD_FIELD_DESTINATION_PORT] = FIELD("destination_port", STRING, "port of a forward"),
  [CD_FIELD_DURATION_MS] = FIELD("duration_ms", STRING, "milliseconds it was open"),
  [CD_FIELD_BYTES_IN] = FIELD("bytes_in", STRING, "bytes from the client"),
  [CD_FIELD_BYTES_OUT] = FIELD("bytes_out", STRING, "bytes to the client"),
  [CD_FIELD_TCP_RTT_US] = FIELD("tcp_rtt_us", STRING, "microseconds of round trip at the end"),
  [CD_FIELD_TCP_RETRANSMITS] = FIELD("tcp_retransmits", STRING, "segments sent again"),
  [CD_FIELD_TCP_UNSENT] = FIELD("tcp_unsent", STRING, "bytes never acknowledged"),
  [CD_FIELD_TCP_IDLE_MS] = FIELD("tcp_idle_ms", STRING, "milliseconds since the peer's last word"),
  [CD_FIELD_RUN_ID] = FIELD("run_id", STRING, "start of the agent"),
  [CD_FIELD_SOURCE] = FIELD("source", STRING, "where the parser found it"),
  [CD_FIELD_RAW_REASON] = FIELD("raw_reason", STRING, "the sender's own words for the reason"),
  [CD_FIELD_HOST] = FIELD("host", STRING, "HOSTNAME of a rescued header"),
  [CD_FIELD_APP_NAME] = FIELD("app_name", STRING, "APP-NAME of a rescued header"),
  [CD_FIELD_PROCID] = FIELD("procid", STRING, "PROCID of a rescued header"),
  [CD_FIELD_MSGID] = FIELD("msgid", STRING, "MSGID of a rescued header"),
  [CD_FIELD_ERROR] = ALIASED("", STRING, "error", "", "error of a log line"),
  [CD_FIELD_LOG_REASON] = ALIASED("", STRING, "", "DisconnectReason",
                                  "reason in coderd's connection log"),
  [CD_FIELD_LOG_TYPE] = ALIASED("", STRING, "", "Type", "type in coderd's connection log"),
  [CD_FIELD_LOG_ID] = ALIASED("", STRING, "", "ID", "id in coderd's connection log"),
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(fields) == CD_N_FIELDS);

typedef struct _KeySlot
{
  CdText key;
  CdField field;
} KeySlot;

static KeySlot slog_slots[N_SLOTS];

const CdFieldInfo *
cd_field_get_info(CdField field)
{
  return &fields[field];
}

static guint
_hash(CdText key)
{
  guint first = (guchar) key.data[0];
  guint last = (guchar) key.data[key.length - 1];

  return ((guint) key.length * 31 + first * 7 + last) % N_SLOTS;
}

static void
_add_slot(CdText key, CdField field)
{
  guint at;

  if (cd_text_is_empty(key))
    return;
  for (at = _hash(key); slog_slots[at].key.data; at = (at + 1) % N_SLOTS)
    ;
  slog_slots[at] = (KeySlot) { key, field };
}

/* A line's "site" or "rule" is somebody else's word. */
static gboolean
_is_read_from_lines(CdField field)
{
  return field < CD_N_WIRE_FIELDS && field != CD_FIELD_RULE && field != CD_FIELD_SITE;
}

/* Before there is a thread: to look at each key whether that has been done would cost more. */
static void _fill_slots(void) __attribute__((constructor));

static void
_fill_slots(void)
{
  for (guint i = 0; i < CD_N_FIELDS; i++)
    {
      if (_is_read_from_lines(i))
        _add_slot(fields[i].name, i);
      _add_slot(fields[i].slog_key, i);
      _add_slot(fields[i].log_key, i);
    }
}

gboolean
cd_field_from_slog_key(CdText key, CdField *field)
{
  if (cd_text_is_empty(key))
    return FALSE;
  for (guint at = _hash(key); slog_slots[at].key.data; at = (at + 1) % N_SLOTS)
    if (cd_text_equal(slog_slots[at].key, key))
      {
        *field = slog_slots[at].field;
        return TRUE;
      }
  return FALSE;
}

gboolean
cd_field_from_name(CdText name, CdField *field)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    if (cd_text_equal(fields[i].name, name))
      {
        *field = i;
        return TRUE;
      }
  return FALSE;
}

gchar *
cd_field_to_journald(CdField field)
{
  g_autofree gchar *upper = g_ascii_strup(fields[field].name.data, -1);

  return g_strconcat(JOURNALD_PREFIX, upper, NULL);
}

gboolean
cd_field_from_journald(CdText name, CdField *field)
{
  for (guint i = 0; i < CD_N_WIRE_FIELDS; i++)
    {
      g_autofree gchar *candidate = cd_field_to_journald(i);
      if (cd_text_is(name, candidate))
        {
          *field = i;
          return TRUE;
        }
    }
  return FALSE;
}

const gchar *
cd_kind_get_name(CdKind kind)
{
  switch (kind)
    {
    case CD_KIND_STRING:
      return "string";
    case CD_KIND_INTEGER:
      return "integer";
    case CD_KIND_BOOLEAN:
      return "boolean";
    }
  g_return_val_if_reached("");
}
