/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_FIELD_H
#define CD_FIELD_H

#include "disconnect/text.h"

/**
 * CdField:
 *
 * The fields of a record, in the order in which they stand on the wire. The last group is not on
 * the wire: what the parser adds, and what only a log line brings.
 */
typedef enum
{
  CD_FIELD_CONNECT_TYPE,
  CD_FIELD_SITE,
  CD_FIELD_DISCONNECT_REASON,
  CD_FIELD_DISCONNECT_EXPECTED,
  CD_FIELD_DISCONNECT_INITIATOR,
  CD_FIELD_DISCONNECT_DETAIL,
  CD_FIELD_CONNECTION_METHOD,
  CD_FIELD_EXIT_CODE,
  CD_FIELD_RULE,
  CD_FIELD_SESSION_ID,
  CD_FIELD_CONNECTION_ID,
  CD_FIELD_CLIENT_SESSION_ID,
  CD_FIELD_APP,
  CD_FIELD_WORKSPACE_ID,
  CD_FIELD_WORKSPACE_NAME,
  CD_FIELD_OWNER_NAME,
  CD_FIELD_AGENT_ID,
  CD_FIELD_AGENT_NAME,
  CD_FIELD_BUILD_ID,
  CD_FIELD_BUILD_REASON,
  CD_FIELD_TRANSITION,
  CD_FIELD_REMOTE_ADDR,
  CD_FIELD_LOCAL_ADDR,
  CD_FIELD_DESTINATION_PORT,
  CD_FIELD_DURATION_MS,
  CD_FIELD_BYTES_IN,
  CD_FIELD_BYTES_OUT,
  CD_FIELD_TCP_RTT_US,
  CD_FIELD_TCP_RETRANSMITS,
  CD_FIELD_TCP_UNSENT,
  CD_FIELD_TCP_IDLE_MS,
  CD_FIELD_RUN_ID,
  CD_N_WIRE_FIELDS,

  CD_FIELD_SOURCE = CD_N_WIRE_FIELDS,
  CD_FIELD_RAW_REASON,
  CD_FIELD_HOST,
  CD_FIELD_APP_NAME,
  CD_FIELD_PROCID,
  CD_FIELD_MSGID,
  CD_N_PAIR_FIELDS,

  CD_FIELD_ERROR = CD_N_PAIR_FIELDS,
  CD_FIELD_LOG_REASON,
  CD_FIELD_LOG_TYPE,
  CD_FIELD_LOG_ID,
  CD_N_FIELDS
} CdField;

G_STATIC_ASSERT(CD_N_FIELDS <= 64);

#define CD_FIELD_BIT(field) (G_GUINT64_CONSTANT(1) << (field))

/**
 * The fields that a sender fills with words of its own, in which secrets are redacted. All others
 * are ids, names, addresses and numbers: of those nothing may be lost, and a session's id may well
 * look like a token.
 */
#define CD_FIELDS_OF_WORDS                                                                         \
  (CD_FIELD_BIT(CD_FIELD_DISCONNECT_DETAIL) | CD_FIELD_BIT(CD_FIELD_APP)                           \
   | CD_FIELD_BIT(CD_FIELD_BUILD_REASON) | CD_FIELD_BIT(CD_FIELD_TRANSITION)                       \
   | CD_FIELD_BIT(CD_FIELD_RAW_REASON))

typedef enum
{
  CD_KIND_STRING,
  CD_KIND_INTEGER,
  CD_KIND_BOOLEAN,
} CdKind;

/**
 * CdFieldInfo:
 * @name: name of the SD-PARAM, of the name-value pair after its prefix, and in JSON
 * @kind: type of the value
 * @slog_key: (nullable): a second key in Coder's log lines
 * @log_key: (nullable): key in coderd's connection log
 * @explanation: one phrase for a person
 */
typedef struct _CdFieldInfo
{
  CdText name;
  CdKind kind;
  CdText slog_key;
  CdText log_key;
  const gchar *explanation;
} CdFieldInfo;

/** The table's row of a field. */
const CdFieldInfo *cd_field_get_info(CdField field);

/** The wire field with this SD-PARAM name. Returns: %FALSE for any other name. */
gboolean cd_field_from_name(CdText name, CdField *field);

/** The field that a key of a log line stands for. Returns: %FALSE for any other key. */
gboolean cd_field_from_slog_key(CdText key, CdField *field);

/** The field that a native journald field (`CODER_...`) stands for. Returns: %FALSE for others. */
gboolean cd_field_from_journald(CdText name, CdField *field);

/**
 * The name of a field in the journal: `CODER_` and the name in upper case.
 *
 * Returns: (transfer full): free with g_free()
 */
gchar *cd_field_to_journald(CdField field);

/** A kind of values, in a word. */
const gchar *cd_kind_get_name(CdKind kind);

#endif
